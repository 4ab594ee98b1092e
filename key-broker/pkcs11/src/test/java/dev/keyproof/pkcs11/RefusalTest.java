package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Key;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the token refuses to a user who is logged in, knows the PIN and calls the module natively. */
class RefusalTest {
    private static final String LABEL = "refuse-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String KINDS = "AES_256_GCM|AES_256_CTR|HMAC_SHA256|RSA_2048|RSA_OAEP_2048|EC_P256|ED25519";
    private static Token token;
    private static ModuleCopies copy;
    private static Cryptoki cryptoki;
    private static long slot;
    private static long session;

    @BeforeAll
    static void open() throws Exception {
        SoftHsm.make(LABEL);
        token = SoftHsm.open(LABEL, 1);
        copy = ModuleCopies.of(SoftHsm.module(), 1);
        cryptoki = Cryptoki.load(copy.modules().getFirst());
        slot = Slots.withLabel(cryptoki, LABEL);
        session = cryptoki.openSession(slot);
        cryptoki.login(session, Ck.USER, "123456".getBytes(UTF_8));
    }

    @AfterAll
    static void close() throws Exception {
        token.close();
        cryptoki.closeAllSessions(slot);
        copy.close();
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_ANY, names = KINDS)
    void showsNoSecret(KeySpec spec) throws Exception {
        long key = born(spec);

        // CKA_VALUE, then d, p, q and the CRT values of RSA.
        assertThat(cryptoki.attributes(session, key, Ck.VALUE, 0x123, 0x124, 0x125, 0x126, 0x127, 0x128))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_ANY, names = KINDS)
    void cannotBeLoosenedCopiedOrWrapped(KeySpec spec) throws Exception {
        long key = born(spec);
        long wrapper = cryptoki.generateKey(
                session,
                Ck.AES_KEY_GEN,
                new Template()
                        .number(Ck.CLASS, Ck.SECRET_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_AES)
                        .number(Ck.VALUE_LEN, 32)
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.WRAP, true));

        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.SENSITIVE, false)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.EXTRACTABLE, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.MODIFIABLE, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.COPYABLE, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.DECRYPT, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.UNWRAP, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().flag(Ck.DERIVE, true)));
        refused(() -> cryptoki.setAttributes(session, key, new Template().number(Ck.ALLOWED_MECHANISMS, 0x1082)));
        refused(() -> cryptoki.copyObject(session, key, new Template().flag(Ck.ON_TOKEN, false)));
        refused(() -> cryptoki.copyObject(session, key, new Template().flag(Ck.DECRYPT, true)));
        refused(() -> KeyCalls.wrap(cryptoki, session, Ck.AES_KEY_WRAP_PAD_SOFTHSM, wrapper, key));
    }

    @Test
    void doesNotSignWithAKeyThatEncrypts() throws Exception {
        long key = born(KeySpec.AES_256_GCM);

        refused(() -> KeyCalls.sign(cryptoki, session, Mechanism.of(Ck.SHA256_HMAC), key, new byte[32]));
    }

    @Test
    void doesNotUseAGcmKeyInAnotherMode() throws Exception {
        String label = "gcm-" + UUID.randomUUID();
        token.generate(KeySpec.AES_256_GCM, label.getBytes(UTF_8), label);
        SunPkcs11 sun = SunPkcs11.on(copy.modules().getFirst(), slot, 9, SoftHsm.pin("123456"));
        Key key = Objects.requireNonNull(sun.key(label));

        assertThat(key.getEncoded()).isNull();
        for (String mode : new String[] {"CTR", "CBC"}) {
            assertThatThrownBy(() -> {
                        Cipher cipher = Cipher.getInstance("AES/" + mode + "/NoPadding", sun.provider());
                        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[16]));
                        cipher.doFinal(new byte[16]);
                    })
                    .as(mode)
                    .hasStackTraceContaining("CKR_MECHANISM_INVALID");
        }
    }

    private static long born(KeySpec spec) throws TokenException {
        byte[] id = (spec + "-" + UUID.randomUUID()).getBytes(UTF_8);
        token.generate(spec, id, new String(id, UTF_8));
        return Objects.requireNonNull(TokenObjects.key(cryptoki, session, id));
    }

    private interface Attempt {
        void run() throws TokenException;
    }

    private static void refused(Attempt attempt) {
        assertThatThrownBy(attempt::run).isInstanceOf(TokenException.DeviceError.class);
    }
}
