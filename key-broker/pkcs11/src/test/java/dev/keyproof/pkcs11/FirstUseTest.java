package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several brokers that use a new token at once: whoever makes a KEK or a binding key first, no key is lost to any of them. */
class FirstUseTest {
    private static final byte[] ID = "first".getBytes(UTF_8);
    private static final byte[] MESSAGE = "message".getBytes(UTF_8);
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final int BROKERS = 4;

    private final String label = "use-" + UUID.randomUUID().toString().substring(0, 8);

    private record Broker(Token token, WrappedKeys keys, WrappedKey key) {}

    @Test
    void everyBrokerUsesWhatEachOtherWrapped() throws Exception {
        // Given
        SoftHsm.make(label);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < BROKERS; i++) {
            tokens.add(SoftHsm.open(label, 1));
        }

        // When
        CyclicBarrier start = new CyclicBarrier(BROKERS);
        List<Broker> brokers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(BROKERS)) {
            List<Future<Broker>> opening = new ArrayList<>();
            for (Token token : tokens) {
                opening.add(threads.submit(() -> {
                    start.await();
                    WrappedKeys keys = token.wrappedKeys();
                    return new Broker(token, keys, keys.generate(KeySpec.AES_256_GCM, ID, BIRTH));
                }));
            }
            for (Future<Broker> one : opening) {
                brokers.add(one.get());
            }
        }

        // Then
        for (Broker one : brokers) {
            for (Broker other : brokers) {
                opensAndUses(one.token, one.keys, other.key);
            }
        }
        try (Token later = SoftHsm.open(label, 1)) {
            for (Broker one : brokers) {
                opensAndUses(later, later.wrappedKeys(), one.key);
            }
        }
        for (Token token : tokens) {
            token.close();
        }
    }

    @Test
    void aBrokerFindsTheKekAndTheSealThatAnotherMadeUnseen() throws Exception {
        // Given: one has made and used its own
        SoftHsm.make(label);
        try (Token first = SoftHsm.open(label, 1)) {
            WrappedKeys keys = first.wrappedKeys();
            WrappedKey before = keys.generate(KeySpec.AES_256_GCM, ID, BIRTH);

            // When: the other did not see them, and its labels come first
            first.generate(KeySpec.HMAC_SHA256, Seals.id(Seals.NAME + "/0"), Seals.NAME + "/0");
            first.first()
                    .natively((module, session) -> module.generateKey(
                            session,
                            Ck.AES_KEY_GEN,
                            TokenKeks.template(
                                            KeySpec.AES_256_GCM,
                                            first.first().guards(),
                                            Ck.AES_KEY_WRAP_PAD_SOFTHSM,
                                            "/0")
                                    .number(Ck.VALUE_LEN, 32)));
            try (Token second = SoftHsm.open(label, 1)) {
                WrappedKeys others = second.wrappedKeys();
                WrappedKey after = others.generate(KeySpec.AES_256_GCM, ID, BIRTH);

                // Then
                opensAndUses(first, keys, after);
                opensAndUses(second, others, before);
                assertThat(second.inventory())
                        .filteredOn(object -> object.label().startsWith("keyproof/kek/AES"))
                        .hasSize(2);
            }
        }
    }

    @Test
    void aKekOfAnEarlierMakingUnwrapsAndWrapsNoMore() throws Exception {
        // Given: what it unwraps is not bound to its mechanisms
        SoftHsm.make(label);
        try (Token token = SoftHsm.open(label, 1)) {
            Set<Guard> before = EnumSet.of(Guard.UNWRAP_TEMPLATE, Guard.NOT_COPYABLE, Guard.NOT_MODIFIABLE);
            Wrapping.Born old = token.first().natively((module, session) -> {
                long kek = module.generateKey(
                        session,
                        Ck.AES_KEY_GEN,
                        TokenKeks.template(KeySpec.AES_256_GCM, before, Ck.AES_KEY_WRAP_PAD_SOFTHSM, "")
                                .number(Ck.VALUE_LEN, 32));
                return Wrapping.birth(
                        module,
                        session,
                        KeySpec.AES_256_GCM,
                        new Wrapping.Kek(Ck.AES_KEY_WRAP_PAD_SOFTHSM, List.of(kek), before));
            });
            WrappedKeys keys = token.wrappedKeys();
            WrappedKey next = keys.generate(KeySpec.AES_256_GCM, ID, BIRTH);

            // When
            KeyHandle known = new KeyHandle(
                    ID, "key", new WrappedKey(KeySpec.AES_256_GCM, old.wrapped(), new byte[0], new byte[] {1}));

            // Then
            assertThat(token.decrypt(known, token.encrypt(known, MESSAGE, ID), ID))
                    .isEqualTo(MESSAGE);
            opensAndUses(token, keys, next);
            assertThat(token.inventory())
                    .filteredOn(object -> object.label().startsWith("keyproof/kek/AES"))
                    .hasSize(2)
                    .anySatisfy(object -> assertThat(object.attributes())
                            .containsEntry("CKA_UNWRAP_TEMPLATE/CKA_ALLOWED_MECHANISMS", "0x1087"));
        }
    }

    private static void opensAndUses(Token token, WrappedKeys keys, WrappedKey key) throws TokenException {
        KeyHandle handle = keys.open(key, ID, "key", BIRTH);
        assertThat(token.decrypt(handle, token.encrypt(handle, MESSAGE, ID), ID))
                .isEqualTo(MESSAGE);
    }
}
