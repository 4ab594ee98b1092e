package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token says when it cannot be opened, and how it says it. */
class OpeningTest {
    private final String label = "open-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void saysThatTheModuleIsMissing() {
        Path nowhere = Path.of("/nowhere/libsofthsm2.so");

        assertThatThrownBy(() -> Token.open(new TokenConfig(nowhere, label, SoftHsm.pin("1234"))))
                .isInstanceOf(TokenException.ModuleMissing.class)
                .hasMessage("The PKCS#11 module /nowhere/libsofthsm2.so is not there or not readable;"
                        + " for SoftHSM: apt-get install softhsm2.");
    }

    @Test
    void saysThatAFileIsNoModule(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("module.so"), "not a library");

        assertThatThrownBy(() -> Token.open(new TokenConfig(text, label, SoftHsm.pin("1234"))))
                .isInstanceOf(TokenException.ModuleMissing.class)
                .hasMessageEndingWith("cannot be loaded as a library.");
    }

    @Test
    void saysThatTheTokenIsMissing() throws Exception {
        SoftHsm.prepared();

        assertThat(Token.exists(SoftHsm.module(), label)).isFalse();
        assertThatThrownBy(() -> SoftHsm.open(label, 1))
                .isInstanceOf(TokenException.TokenNotPresent.class)
                .hasMessageStartingWith("No token is labelled \"" + label + "\"; ");
    }

    @Test
    void refusesAWrongPinWithoutShowingIt() throws Exception {
        SoftHsm.make(label);
        PinSource wrong = SoftHsm.pin("wrong-pin");

        assertThatThrownBy(() -> Token.open(new TokenConfig(SoftHsm.module(), label, wrong)))
                .isInstanceOf(TokenException.WrongPin.class)
                .hasMessage("The token \"" + label + "\" refused the PIN (CKR_PIN_INCORRECT).");
        assertThat(wrong).hasToString("PinSource[memory]");
    }

    @Test
    void makesATokenOnceAndTellsOfIt() throws Exception {
        SoftHsm.make(label);

        assertThat(Token.exists(SoftHsm.module(), label)).isTrue();
        assertThatThrownBy(() -> SoftHsm.make(label)).isInstanceOf(TokenException.TokenExists.class);
        try (Token token = SoftHsm.open(label, 2)) {
            assertThat(token.info().label()).isEqualTo(label);
            assertThat(token.info().model()).isEqualTo("SoftHSM v2");
            assertThat(token.info().shards()).isEqualTo(2);
            assertThat(token.mechanisms()).contains(Ck.AES_GCM, Ck.ECDSA, Ck.EDDSA);
            assertThat(token.random(16)).hasSize(16).isNotEqualTo(token.random(16));
        }
    }

    @Test
    void readsThePinFromAFile(@TempDir Path folder) throws Exception {
        SoftHsm.make(label);
        Path file = Files.writeString(folder.resolve("pin"), "123456\n");
        PinSource missing = PinSource.file(folder.resolve("none"));
        PinSource empty = PinSource.file(Files.writeString(folder.resolve("empty"), "\n"));

        Token.open(new TokenConfig(SoftHsm.module(), label, PinSource.file(file), 1))
                .close();

        assertThatThrownBy(missing::read).hasMessageContaining("cannot be read");
        assertThatThrownBy(empty::read).hasMessageEndingWith("is empty.");
    }

    @Test
    void refusesAConfigurationThatMakesNoSense() {
        assertThatThrownBy(() -> new TokenConfig(Path.of("m"), " ", SoftHsm.pin("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenConfig(Path.of("m"), label, SoftHsm.pin("1"), -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Token.initialise(
                        SoftHsm.module(),
                        "a label that is longer than 32 bytes",
                        SoftHsm.pin("1234"),
                        SoftHsm.pin("1234")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
