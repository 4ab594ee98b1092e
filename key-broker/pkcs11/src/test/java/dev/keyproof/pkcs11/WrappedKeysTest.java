package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that live wrapped outside of the token: what they do, what they are bound to, and what the token refuses. */
class WrappedKeysTest {
    private static final String LABEL = "wrap-" + UUID.randomUUID().toString().substring(0, 8);
    private static final byte[] MESSAGE = "message".getBytes(UTF_8);
    private static final byte[] AAD = "context".getBytes(UTF_8);
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /** SoftHSM cannot wrap the first; the births of the others take seconds. */
    private static final String SLOW = "ED25519|RSA_3072|RSA_4096|RSA_OAEP_3072|RSA_OAEP_4096";

    private static Token token;
    private static WrappedKeys keys;

    @BeforeAll
    static void make() throws Exception {
        SoftHsm.make(LABEL);
        token = SoftHsm.open(LABEL, 2);
        keys = token.wrappedKeys();
    }

    @AfterAll
    static void close() throws Exception {
        token.close();
    }

    private static byte[] id() {
        return UUID.randomUUID().toString().getBytes(UTF_8);
    }

    private static KeyHandle born(KeySpec spec) throws TokenException {
        byte[] id = id();
        return keys.open(keys.generate(spec, id, BIRTH), id, "key", BIRTH);
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_NONE, names = SLOW)
    void doesAfterReadingWhatItsKindDoes(KeySpec spec) throws Exception {
        // Given
        byte[] id = id();
        WrappedKey kept = WrappedKey.parse(keys.generate(spec, id, BIRTH).encoded());

        // When
        KeyHandle key = keys.open(kept, id, "key", BIRTH);

        // Then
        switch (spec.purpose()) {
            case DECRYPT ->
                assertThat(token.decrypt(
                                key,
                                EncryptionAlgorithm.RSA_OAEP_SHA1,
                                token.encrypt(key, EncryptionAlgorithm.RSA_OAEP_SHA1, MESSAGE)))
                        .isEqualTo(MESSAGE);
            case ENCRYPT -> {
                if (spec == KeySpec.AES_256_CTR) {
                    assertThat(token.decrypt(key, token.encrypt(key, MESSAGE, new byte[0]), new byte[0]))
                            .isEqualTo(MESSAGE);
                    return;
                }
                byte[] sealed = token.encrypt(key, MESSAGE, AAD);
                assertThat(token.decrypt(key, sealed, AAD)).isEqualTo(MESSAGE);
                assertThat(token.decrypt(key, token.encrypt(key, new byte[0], new byte[0]), new byte[0]))
                        .isEmpty();
                assertThatThrownBy(() -> token.decrypt(key, sealed, MESSAGE))
                        .isInstanceOf(TokenException.Rejected.class);
                sealed[sealed.length - 1] ^= 1;
                assertThatThrownBy(() -> token.decrypt(key, sealed, AAD)).isInstanceOf(TokenException.Rejected.class);
            }
            case MAC ->
                assertThat(token.verifyMac(key, MESSAGE, token.mac(key, MESSAGE)))
                        .isTrue();
            case SIGN -> {
                for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
                    if (algorithm.fits(spec)) {
                        byte[] signature = token.sign(key, algorithm, MESSAGE);
                        assertThat(token.verify(key, algorithm, MESSAGE, signature))
                                .as("%s", algorithm)
                                .isTrue();
                        assertThat(token.verify(key, algorithm, AAD, signature)).isFalse();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_NONE, names = SLOW)
    void cannotLeaveTheTokenOnceItIsUnwrapped(KeySpec spec) throws Exception {
        KeyAttributes read = token.attributes(born(spec));

        assertThat(read.onToken()).isFalse();
        assertThat(read.sensitive()).isTrue();
        assertThat(read.extractable()).isFalse();
        assertThat(read.modifiable()).isFalse();
        assertThat(read.copyable()).isFalse();
        assertThat(List.of(read.wrap(), read.unwrap(), read.derive())).containsOnly(false);
        assertThat(read.allowedMechanisms()).isNotEmpty();
        assertThat(read.bits()).isEqualTo(spec.bits());
    }

    @Test
    void isBoundToItsIdItsKindAndItsBirth() throws Exception {
        // Given
        byte[] id = id();
        WrappedKey key = keys.generate(KeySpec.AES_256_GCM, id, BIRTH);
        WrappedKey other = keys.generate(KeySpec.AES_256_GCM, id, BIRTH);
        WrappedKey asMac = new WrappedKey(KeySpec.HMAC_SHA256, key.wrapped(), key.publicBytes(), key.mac());
        WrappedKey swapped = new WrappedKey(key.spec(), other.wrapped(), other.publicBytes(), key.mac());

        // When / Then
        tampered(() -> keys.open(key, id(), "key", BIRTH));
        tampered(() -> keys.open(key, id, "key", "another birth"));
        tampered(() -> keys.open(asMac, id, "key", BIRTH));
        tampered(() -> keys.open(swapped, id, "key", BIRTH));
        tampered(() -> WrappedKey.parse(new byte[] {1, 2, 3}));
    }

    @Test
    void isRefusedWhereTheTokenCannotWrapItsKind() {
        assertThatThrownBy(() -> keys.generate(KeySpec.ED25519, id(), BIRTH))
                .isInstanceOf(TokenException.Unsupported.class)
                .hasMessageContaining("only be resident");
    }

    private interface Opening {
        Object open() throws TokenException;
    }

    private static void tampered(Opening opening) {
        assertThatThrownBy(opening::open).isInstanceOf(TokenException.Tampered.class);
    }

    @Test
    void survivesTheTokensClosing() throws Exception {
        // Given
        byte[] id = id();
        WrappedKey kept = keys.generate(KeySpec.AES_256_GCM, id, BIRTH);
        byte[] sealed = token.encrypt(keys.open(kept, id, "key", BIRTH), MESSAGE, AAD);

        // When
        try (Token again = SoftHsm.open(LABEL, 1)) {
            KeyHandle key = again.wrappedKeys().open(kept, id, "key", BIRTH);

            // Then
            assertThat(again.decrypt(key, sealed, AAD)).isEqualTo(MESSAGE);
        }
    }

    @Test
    void leavesNothingInTheTokenButItsKeksAndSeal() throws Exception {
        // When
        for (KeySpec spec : List.of(KeySpec.AES_256_GCM, KeySpec.EC_P256, KeySpec.RSA_2048)) {
            KeyHandle key = born(spec);
            token.attributes(key);
            keys.forget(key);
        }

        // Then
        assertThat(token.keys())
                .extracting(KeyHandle::label)
                .singleElement()
                .asString()
                .startsWith("keyproof/kek/seal/");
        assertThat(token.find("keyproof/kek/AES_256_GCM".getBytes(UTF_8))).isEmpty();
    }

    @Test
    void isUsedByManyThreadsWhileOthersForgetIt() throws Exception {
        // Given
        KeyHandle key = born(KeySpec.AES_256_GCM);
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean forgets = i % 4 == 0;
            work.add(() -> {
                for (int n = 0; n < 200; n++) {
                    if (forgets) {
                        keys.forget(key);
                    }
                    assertThat(token.decrypt(key, token.encrypt(key, MESSAGE, AAD), AAD))
                            .isEqualTo(MESSAGE);
                }
                return null;
            });
        }

        // When / Then
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> one : threads.invokeAll(work)) {
                one.get();
            }
        }
    }

    @Test
    void aKekUnwrapsNothingThatItsTemplateDoesNotAllow() throws Exception {
        // Given: somebody with the PIN who calls the module natively
        byte[] wrapped = keys.generate(KeySpec.AES_256_GCM, id(), BIRTH).wrapped();
        try (ModuleCopies copy = ModuleCopies.of(SoftHsm.module(), 1)) {
            Cryptoki cryptoki = Cryptoki.load(copy.modules().getFirst());
            long slot = Slots.withLabel(cryptoki, LABEL);
            long session = cryptoki.openSession(slot);
            cryptoki.login(session, Ck.USER, "123456".getBytes(UTF_8));
            long kek = Objects.requireNonNull(
                    TokenObjects.key(cryptoki, session, "keyproof/kek/AES_256_GCM".getBytes(UTF_8)));
            long mechanism = TokenKeks.mechanism(cryptoki, slot);

            // When / Then
            refused(() -> KeyCalls.unwrap(cryptoki, session, mechanism, kek, wrapped, readable()));
            refused(() -> KeyCalls.unwrap(cryptoki, session, mechanism, kek, wrapped, new Template()));
            refused(() -> KeyCalls.unwrap(
                    cryptoki,
                    session,
                    mechanism,
                    kek,
                    wrapped,
                    TokenKeks.fixed(KeySpec.AES_256_GCM, EnumSet.allOf(Guard.class))
                            .flag(Ck.EXTRACTABLE, true)));
            refused(() -> KeyCalls.decrypt(cryptoki, session, Mechanism.of(0x1081), kek, new byte[16]));
            refused(() ->
                    KeyCalls.decrypt(cryptoki, session, Gcm.mechanism(new byte[12], new byte[0]), kek, new byte[32]));
            refused(() -> KeyCalls.wrap(cryptoki, session, 0x1085, kek, kek));
            refused(() -> KeyCalls.wrap(cryptoki, session, mechanism, kek, kek));
            refused(() -> cryptoki.setAttributes(session, kek, new Template().flag(Ck.DECRYPT, true)));
            refused(() ->
                    cryptoki.setAttributes(session, kek, new Template().template(Ck.UNWRAP_TEMPLATE, readable())));
            refused(() -> cryptoki.copyObject(session, kek, new Template().flag(Ck.DECRYPT, true)));
            cryptoki.closeAllSessions(slot);
        }
    }

    private static Template readable() {
        return new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.SENSITIVE, false)
                .flag(Ck.EXTRACTABLE, true);
    }

    private interface Attempt {
        void run() throws TokenException;
    }

    private static void refused(Attempt attempt) {
        assertThatThrownBy(attempt::run).isInstanceOf(TokenException.DeviceError.class);
    }
}
