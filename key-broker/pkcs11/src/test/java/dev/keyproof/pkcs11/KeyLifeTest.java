package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys found, destroyed, shared between openings, used by many threads, and after a lost connection. */
class KeyLifeTest {
    private static final String LABEL = "life-" + UUID.randomUUID().toString().substring(0, 8);
    private static final byte[] MESSAGE = "message".getBytes(UTF_8);

    @BeforeAll
    static void make() throws Exception {
        SoftHsm.make(LABEL);
    }

    @Test
    void refusesAnIdOrLabelThatIsTaken() throws Exception {
        try (Token token = SoftHsm.open(LABEL, 1)) {
            KeyHandle key = born(token, KeySpec.AES_256_GCM);

            assertThatThrownBy(() -> token.generate(KeySpec.EC_P256, key.id(), "another"))
                    .isInstanceOf(TokenException.KeyExists.class);
            assertThatThrownBy(() -> token.generate(KeySpec.EC_P256, new byte[] {7}, key.label()))
                    .isInstanceOf(TokenException.KeyExists.class);
            assertThat(token.find(new byte[] {7})).isEmpty();
            assertThatThrownBy(() -> token.generate(KeySpec.EC_P256, new byte[0], "x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void findsKeysAfterReopening() throws Exception {
        KeyHandle aes;
        KeyHandle ec;
        byte[] ciphertext;
        try (Token token = SoftHsm.open(LABEL, 2)) {
            aes = born(token, KeySpec.AES_256_GCM);
            ec = born(token, KeySpec.EC_P256);
            ciphertext = token.encrypt(aes, MESSAGE, MESSAGE);
        }
        try (Token token = SoftHsm.open(LABEL, 2)) {
            KeyHandle again = token.find(aes.id()).orElseThrow();

            assertThat(token.decrypt(again, ciphertext, MESSAGE)).isEqualTo(MESSAGE);
            assertThat(again.spec()).isEqualTo(KeySpec.AES_256_GCM);
            assertThat(token.find(aes.id())).containsSame(again);
            assertThat(token.findByLabel(ec.label())).contains(ec);
            assertThat(token.keys()).contains(aes, ec);
        }
    }

    @Test
    void seesWhatAnotherOpeningMadeOrDestroyed() throws Exception {
        try (Token here = SoftHsm.open(LABEL, 2);
                Token there = SoftHsm.open(LABEL, 1)) {
            born(here, KeySpec.AES_256_GCM);
            KeyHandle key = born(there, KeySpec.AES_256_GCM);

            KeyHandle found = here.find(key.id()).orElseThrow();
            assertThat(there.decrypt(key, here.encrypt(found, MESSAGE, MESSAGE), MESSAGE))
                    .isEqualTo(MESSAGE);

            there.destroy(key);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> here.encrypt(found, MESSAGE, MESSAGE))
                        .isInstanceOf(TokenException.NoSuchKey.class);
            }
        }
    }

    @Test
    void destroysForGood() throws Exception {
        try (Token token = SoftHsm.open(LABEL, 2)) {
            KeyHandle ec = born(token, KeySpec.EC_P256);
            KeyHandle aes = born(token, KeySpec.AES_256_GCM);

            token.destroy(ec);
            token.destroy(aes);

            assertThat(token.find(ec.id())).isEmpty();
            assertThatThrownBy(() -> token.sign(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE))
                    .isInstanceOf(TokenException.NoSuchKey.class);
            assertThatThrownBy(() -> token.encrypt(aes, MESSAGE, MESSAGE)).isInstanceOf(TokenException.NoSuchKey.class);
            assertThatThrownBy(() -> token.certificate(ec)).isInstanceOf(TokenException.NoSuchKey.class);
            assertThatThrownBy(() -> token.destroy(ec)).isInstanceOf(TokenException.NoSuchKey.class);

            KeyHandle next = token.generate(KeySpec.EC_P256, ec.id(), ec.label());
            byte[] signature = token.sign(next, SignatureAlgorithm.ECDSA_SHA256, MESSAGE);
            assertThat(token.verify(next, SignatureAlgorithm.ECDSA_SHA256, MESSAGE, signature))
                    .isTrue();
        }
    }

    @Test
    void takesAKeyWithoutItsCertificateForUnborn() throws Exception {
        KeyHandle key;
        try (Token token = SoftHsm.open(LABEL, 1)) {
            key = born(token, KeySpec.EC_P256);
        }
        try (ModuleCopies copy = ModuleCopies.of(SoftHsm.module(), 1)) {
            Cryptoki cryptoki = Cryptoki.load(copy.modules().getFirst());
            long slot = Slots.withLabel(cryptoki, LABEL);
            long session = cryptoki.openSession(slot);
            cryptoki.login(session, Ck.USER, "123456".getBytes(UTF_8));
            long certificate = Objects.requireNonNull(TokenObjects.certificate(cryptoki, session, key.id()));
            cryptoki.destroyObject(session, certificate);
            cryptoki.closeAllSessions(slot);
        }

        try (Token token = SoftHsm.open(LABEL, 1)) {
            assertThat(token.find(key.id())).isEmpty();
            assertThat(token.keys()).doesNotContain(key);
            KeyHandle reborn = token.generate(KeySpec.EC_P256, key.id(), key.label());
            assertThat(token.sign(reborn, SignatureAlgorithm.ECDSA_SHA256, MESSAGE))
                    .isNotEmpty();
        }
    }

    @Test
    void servesEightThreadsAndManyVirtualOnesWhileKeysAreBorn() throws Exception {
        try (Token token = SoftHsm.open(LABEL, 2)) {
            KeyHandle aes = born(token, KeySpec.AES_256_GCM);
            KeyHandle ec = born(token, KeySpec.EC_P256);
            KeyHandle mac = born(token, KeySpec.HMAC_SHA256);
            KeyHandle ed = born(token, KeySpec.ED25519);
            byte[] expected = token.mac(mac, MESSAGE);
            Callable<Boolean> round = () -> {
                byte[] ciphertext = token.encrypt(aes, MESSAGE, MESSAGE);
                byte[] signature = token.sign(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE);
                byte[] other = token.sign(ed, SignatureAlgorithm.ED25519, MESSAGE);
                assertThat(token.decrypt(aes, ciphertext, MESSAGE)).isEqualTo(MESSAGE);
                assertThat(token.mac(mac, MESSAGE)).isEqualTo(expected);
                return token.verify(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE, signature)
                        && token.verify(ed, SignatureAlgorithm.ED25519, MESSAGE, other);
            };
            Callable<Boolean> birth = () -> {
                KeyHandle key = born(token, KeySpec.AES_256_GCM);
                return token.decrypt(key, token.encrypt(key, MESSAGE, MESSAGE), MESSAGE).length == MESSAGE.length;
            };

            try (ExecutorService eight = Executors.newFixedThreadPool(8);
                    ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> results = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    results.add(eight.submit(round));
                    results.add(virtual.submit(round));
                    if (i % 10 == 0) {
                        results.add(virtual.submit(birth));
                    }
                }
                for (Future<Boolean> result : results) {
                    assertThat(result.get()).isTrue();
                }
            }
        }
    }

    @Test
    void logsInAgainWhenItsSessionsAreLost() throws Exception {
        try (Token token = SoftHsm.open(LABEL, 0)) {
            KeyHandle aes = born(token, KeySpec.AES_256_GCM);
            KeyHandle ec = born(token, KeySpec.EC_P256);
            KeyHandle ed = born(token, KeySpec.ED25519);
            byte[] ciphertext = token.encrypt(aes, MESSAGE, MESSAGE);
            // The same file in place is the same instance, so this closes the token's own sessions under it.
            Cryptoki same = Cryptoki.load(SoftHsm.module());
            long slot = Slots.withLabel(same, LABEL);

            same.closeAllSessions(slot);
            assertThat(token.decrypt(aes, ciphertext, MESSAGE)).isEqualTo(MESSAGE);
            assertThat(token.sign(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE)).isNotEmpty();
            same.closeAllSessions(slot);
            assertThat(token.sign(ed, SignatureAlgorithm.ED25519, MESSAGE)).hasSize(64);
            assertThat(token.encrypt(aes, MESSAGE, MESSAGE)).isNotEmpty();
            same.closeAllSessions(slot);
            assertThat(token.attributes(aes).sensitive()).isTrue();
            same.closeAllSessions(slot);
            assertThat(token.find("no such key".getBytes(UTF_8))).isEmpty();
            assertThat(born(token, KeySpec.HMAC_SHA256)).isNotNull();
        }
    }

    @Test
    void staysClosed() throws Exception {
        Token token = SoftHsm.open(LABEL, 2);
        KeyHandle aes = born(token, KeySpec.AES_256_GCM);

        token.close();

        assertThatThrownBy(() -> token.encrypt(aes, MESSAGE, MESSAGE))
                .hasMessage("The token \"" + LABEL + "\" is closed.");
        assertThatThrownBy(() -> token.attributes(aes)).hasMessage("The token \"" + LABEL + "\" is closed.");
    }

    private static KeyHandle born(Token token, KeySpec spec) throws TokenException {
        String name = spec + "-" + UUID.randomUUID();
        return token.generate(spec, name.getBytes(UTF_8), name);
    }
}
