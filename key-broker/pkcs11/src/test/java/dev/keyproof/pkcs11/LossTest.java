package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that goes and comes back, and a PIN that changes meanwhile: it works again by itself, or says what to do. */
@Tag("server")
class LossTest {
    private static final byte[] MESSAGE = "message".getBytes(UTF_8);

    @TempDir
    static Path folder;

    private static RemovableToken device;

    @BeforeAll
    static void make() throws Exception {
        device = RemovableToken.make(
                folder, "loss-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @BeforeEach
    void giveBack() throws Exception {
        device.giveBack();
    }

    @Test
    void worksAgainWhenTheTokenComesBack() throws Exception {
        try (Token token = Token.open(device.config())) {
            KeyHandle resident =
                    token.generate(KeySpec.EC_P256, id(), UUID.randomUUID().toString());
            byte[] id = id();
            WrappedKeys keys = token.wrappedKeys();
            KeyHandle replicated = keys.open(keys.generate(KeySpec.AES_256_GCM, id, "b"), id, "key", "b");
            byte[] sealed = token.encrypt(replicated, MESSAGE, id);

            device.remove();
            assertThatThrownBy(() -> token.decrypt(replicated, sealed, id))
                    .isInstanceOf(TokenException.DeviceError.class)
                    .hasMessageEndingWith("CKR_DEVICE_REMOVED.");
            assertThatThrownBy(() -> token.sign(resident, SignatureAlgorithm.ECDSA_SHA256, MESSAGE))
                    .isInstanceOf(TokenException.DeviceError.class)
                    .hasMessageEndingWith("CKR_DEVICE_REMOVED.");
            assertThatThrownBy(() -> token.find(MESSAGE)).isInstanceOf(TokenException.DeviceError.class);
            device.giveBack();

            // Not "no such key": what a session that is not logged in does not see is there all the same.
            assertThat(token.find(MESSAGE)).isEmpty();
            assertThat(token.keys()).contains(resident);
            assertThat(token.decrypt(replicated, sealed, id)).isEqualTo(MESSAGE);
            assertThat(token.sign(resident, SignatureAlgorithm.ECDSA_SHA256, MESSAGE))
                    .isNotEmpty();
        }
    }

    @Test
    void saysThatThePinIsLockedOrAboutToBe() throws Exception {
        try (Token token = Token.open(device.config())) {
            KeyHandle key =
                    token.generate(KeySpec.HMAC_SHA256, id(), UUID.randomUUID().toString());

            device.lockPin();
            assertThatThrownBy(() -> token.attributes(key))
                    .isInstanceOf(TokenException.PinLocked.class)
                    .hasMessageContaining("its security officer must set a new one");
            device.leaveOneTry();
            assertThatThrownBy(() -> token.attributes(key))
                    .isInstanceOf(TokenException.PinLocked.class)
                    .hasMessageContaining("CKF_USER_PIN_FINAL_TRY");
            assertThatThrownBy(() -> Token.open(device.config())).isInstanceOf(TokenException.PinLocked.class);
            device.giveBack();
            assertThat(token.attributes(key).sensitive()).isTrue();
        }
    }

    @Test
    void offersARefusedPinOnceAndTakesTheNewOneWhenItIsThere() throws Exception {
        // Given: a PIN that the officer changes while the token is open
        String label = "pin-" + UUID.randomUUID().toString().substring(0, 8);
        SoftHsm.make(label);
        Path pin = Files.writeString(folder.resolve(label), "123456");
        Path module = Files.copy(SoftHsm.module(), folder.resolve(label + ".so"));
        try (Token token = Token.open(new TokenConfig(module, label, PinSource.file(pin), 0))) {
            KeyHandle key = token.generate(KeySpec.AES_256_GCM, id(), label);
            // The same file in place is the same instance.
            Cryptoki same = Cryptoki.load(module);
            long slot = Slots.withLabel(same, label);
            changePin(same, slot, "654321");

            // When / Then
            assertThatThrownBy(() -> token.attributes(key))
                    .isInstanceOf(TokenException.WrongPin.class)
                    .hasMessage("The token \"" + label + "\" refused the PIN (CKR_PIN_INCORRECT).");
            assertThatThrownBy(() -> token.attributes(key))
                    .isInstanceOf(TokenException.WrongPin.class)
                    .hasMessageContaining("refused the PIN before, and it is still the same");
            Files.writeString(pin, "654321");
            assertThat(token.attributes(key).sensitive()).isTrue();
            assertThat(token.encrypt(key, MESSAGE, MESSAGE)).isNotEmpty();
        }
    }

    private static void changePin(Cryptoki module, long slot, String pin) throws TokenException {
        module.closeAllSessions(slot);
        long session = module.openSession(slot);
        module.login(session, Ck.USER_SO, "so-87654321".getBytes(UTF_8));
        module.initPin(session, pin.getBytes(UTF_8));
        module.closeAllSessions(slot);
    }

    private static byte[] id() {
        return UUID.randomUUID().toString().getBytes(UTF_8);
    }
}
