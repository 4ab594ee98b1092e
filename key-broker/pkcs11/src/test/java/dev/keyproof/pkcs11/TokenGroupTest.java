package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tokens with one root: one fails under load, and nobody notices but the one who must. */
@Tag("server")
class TokenGroupTest {
    private static final byte[] MESSAGE = "message".getBytes(UTF_8);
    private static final byte[] AAD = "context".getBytes(UTF_8);
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final Instant NOW = Instant.parse("2026-03-01T10:15:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration EVERY = Duration.ofMillis(100);
    /** Long enough that only the test itself looks. */
    private static final Duration NEVER = Duration.ofDays(1);

    private final ConcurrentLinkedQueue<TokenEvent> events = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path folder;

    private static RemovableToken one;
    private static RemovableToken other;

    @BeforeAll
    static void make() throws Exception {
        String name = UUID.randomUUID().toString().substring(0, 8);
        one = RemovableToken.make(folder, "one-" + name);
        other = RemovableToken.make(folder, "other-" + name);
        try (Token first = Token.open(one.config().inGroup());
                Token second = Token.open(other.config().inGroup());
                GroupRoot root = GroupRoot.random(first)) {
            root.importInto(first);
            root.importInto(second);
        }
    }

    @BeforeEach
    void giveBack() throws Exception {
        one.giveBack();
        other.giveBack();
    }

    private TokenGroup open(Duration every) throws TokenException {
        return TokenGroup.open(List.of(one.config().inGroup(), other.config().inGroup()), every, CLOCK, events::add);
    }

    private static KeyHandle born(TokenGroup group, KeySpec spec) throws TokenException {
        byte[] id = UUID.randomUUID().toString().getBytes(UTF_8);
        WrappedKeys keys = group.wrappedKeys();
        return keys.open(keys.generate(spec, id, BIRTH), id, "key", BIRTH);
    }

    @Test
    void failsNoCallWhileOneTokenAfterTheOtherIsTakenAwayUnderLoad() throws Exception {
        // Given
        try (TokenGroup group = open(EVERY);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            KeyHandle aes = born(group, KeySpec.AES_256_GCM);
            KeyHandle ec = born(group, KeySpec.EC_P256);
            KeyHandle hmac = born(group, KeySpec.HMAC_SHA256);
            byte[] expected = group.mac(hmac, MESSAGE);
            AtomicBoolean going = new AtomicBoolean(true);
            AtomicLong calls = new AtomicLong();
            List<Future<Void>> work = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                work.add(threads.submit(() -> {
                    while (going.get()) {
                        assertThat(group.decrypt(aes, group.encrypt(aes, MESSAGE, AAD), AAD))
                                .isEqualTo(MESSAGE);
                        byte[] signature = group.sign(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE);
                        assertThat(group.verify(ec, SignatureAlgorithm.ECDSA_SHA256, MESSAGE, signature))
                                .isTrue();
                        assertThat(group.mac(hmac, MESSAGE)).isEqualTo(expected);
                        calls.addAndGet(4);
                    }
                    return null;
                }));
            }

            // When: each is taken away in its turn, while keys are born too, and comes back
            try {
                for (RemovableToken token : List.of(one, other)) {
                    more(calls);
                    token.remove();
                    patiently().until(() -> !group.serving().contains(token.label()));
                    more(calls);
                    KeyHandle meanwhile = born(group, KeySpec.AES_256_GCM);
                    token.giveBack();
                    patiently().until(() -> group.serving().size() == 2);
                    more(calls);
                    assertThat(group.decrypt(meanwhile, group.encrypt(meanwhile, MESSAGE, AAD), AAD))
                            .isEqualTo(MESSAGE);
                }
            } finally {
                going.set(false);
            }

            // Then
            for (Future<Void> each : work) {
                each.get();
            }
            assertThat(events)
                    .extracting(TokenEvent::token, TokenEvent::kind)
                    .containsExactly(
                            tuple(one.label(), TokenEvent.Kind.FAILED),
                            tuple(one.label(), TokenEvent.Kind.RECOVERED),
                            tuple(other.label(), TokenEvent.Kind.FAILED),
                            tuple(other.label(), TokenEvent.Kind.RECOVERED));
            assertThat(events).allSatisfy(event -> assertThat(event.at()).isEqualTo(NOW));
            assertThat(events.element().reason()).endsWith("was answered with CKR_DEVICE_REMOVED.");
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    private static void more(AtomicLong calls) {
        long before = calls.get();
        patiently().until(() -> calls.get() > before + 400);
    }

    @Test
    void saysPreciselyThatNoneServesAndServesAgainAfter() throws Exception {
        try (TokenGroup group = open(NEVER)) {
            KeyHandle key = born(group, KeySpec.AES_256_GCM);
            byte[] sealed = group.encrypt(key, MESSAGE, AAD);

            // When
            one.remove();
            other.remove();

            // Then
            assertThatThrownBy(() -> group.decrypt(key, sealed, AAD))
                    .isInstanceOf(TokenException.DeviceError.class)
                    .hasMessageContaining("CKR_DEVICE_REMOVED");
            assertThat(group.serving()).isEmpty();
            other.giveBack();
            assertThat(group.decrypt(key, sealed, AAD)).isEqualTo(MESSAGE);
            group.look();
            assertThat(group.serving()).containsExactly(other.label());
        }
    }

    @Test
    void opensATokenAnewThatOnlyThatCanMend() throws Exception {
        try (TokenGroup group = open(NEVER)) {
            KeyHandle key = born(group, KeySpec.HMAC_SHA256);
            byte[] expected = group.mac(key, MESSAGE);

            // When
            one.breakDown();
            group.look();
            assertThat(group.serving()).containsExactly(other.label());
            assertThat(group.mac(key, MESSAGE)).isEqualTo(expected);
            one.giveBack();
            patiently().untilAsserted(() -> {
                group.look();
                assertThat(group.serving()).contains(one.label());
            });

            // Then: the other may go
            other.remove();
            assertThat(group.mac(key, MESSAGE)).isEqualTo(expected);
        }
    }

    @Test
    void opensWithATokenThatIsNotThereYetAndTakesItInWhenItIs() throws Exception {
        // Given
        one.remove();

        try (TokenGroup group = open(NEVER)) {
            assertThat(group.serving()).containsExactly(other.label());
            assertThat(events).singleElement().satisfies(event -> {
                assertThat(event.token()).isEqualTo(one.label());
                assertThat(event.kind()).isEqualTo(TokenEvent.Kind.FAILED);
            });
            KeyHandle key = born(group, KeySpec.HMAC_SHA256);
            byte[] expected = group.mac(key, MESSAGE);

            // When
            one.giveBack();
            patiently().untilAsserted(() -> {
                group.look();
                assertThat(group.serving()).hasSize(2);
            });
            other.remove();

            // Then
            assertThat(group.mac(key, MESSAGE)).isEqualTo(expected);
        }
    }

    @Test
    void refusesATokenThatHoldsAnotherRoot() throws Exception {
        // Given
        RemovableToken stranger = RemovableToken.make(
                folder, "stranger-" + UUID.randomUUID().toString().substring(0, 8));
        try (Token token = Token.open(stranger.config().inGroup());
                GroupRoot root = GroupRoot.random(token)) {
            root.importInto(token);
        }
        List<TokenConfig> configs =
                List.of(one.config().inGroup(), stranger.config().inGroup());

        // When / Then
        assertThatThrownBy(() -> TokenGroup.open(configs, NEVER, CLOCK, events::add))
                .isInstanceOf(TokenException.Tampered.class)
                .hasMessageContaining("holds another root");
        stranger.remove();
        try (TokenGroup group = TokenGroup.open(configs, NEVER, CLOCK, events::add)) {
            stranger.giveBack();
            group.look();
            group.look();
            assertThat(group.serving()).containsExactly(one.label());
        }
    }

    private static RemovableToken joined(String name) throws Exception {
        return RemovableToken.make(
                folder, name + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** What somebody with the PIN does to a KEK. */
    private interface Change {
        void of(Token token, Cryptoki module, long session, long kek) throws TokenException;
    }

    private static void change(RemovableToken token, Change change) throws TokenException {
        try (Token open = Token.open(token.config().inGroup())) {
            open.first().natively((module, session) -> {
                Long kek = TokenObjects.key(module, session, TokenKeks.id(KeySpec.AES_256_GCM));
                assertThat(kek).isNotNull();
                change.of(open, module, session, kek);
                return kek;
            });
        }
    }

    @Test
    void refusesATokenWhoseKekWasPutThereBySomebodyWhoKnowsIt() throws Exception {
        // Given: both hold one root, and in one of them a KEK was exchanged for one that looks the same
        RemovableToken honest = joined("honest");
        RemovableToken forged = joined("forged");
        try (Token first = Token.open(honest.config().inGroup());
                Token second = Token.open(forged.config().inGroup());
                GroupRoot root = GroupRoot.random(first)) {
            root.importInto(first);
            root.importInto(second);
        }
        change(forged, (token, module, session, kek) -> {
            module.destroyObject(session, kek);
            module.createObject(
                    session,
                    TokenKeks.template(
                                    KeySpec.AES_256_GCM,
                                    token.first().guards(),
                                    token.first().kwp(),
                                    "")
                            .bytes(Ck.VALUE, new byte[32]));
        });
        List<TokenConfig> configs =
                List.of(honest.config().inGroup(), forged.config().inGroup());

        // When / Then: the group does not open with it
        assertThatThrownBy(() -> TokenGroup.open(configs, NEVER, CLOCK, events::add))
                .isInstanceOf(TokenException.Tampered.class)
                .hasMessageContaining("its KEK for AES_256_GCM is not theirs");

        // nor is it taken in when it comes later, however often it is looked at, or when it is the only one left
        forged.remove();
        try (TokenGroup group = TokenGroup.open(configs, NEVER, CLOCK, events::add)) {
            KeyHandle key = born(group, KeySpec.AES_256_GCM);
            forged.giveBack();
            for (int i = 0; i < 4; i++) {
                group.look();
            }
            assertThat(group.serving()).containsExactly(honest.label());
            honest.remove();
            assertThatThrownBy(() -> group.encrypt(key, MESSAGE, AAD)).isInstanceOf(TokenException.class);
        }
    }

    @Test
    void refusesATokenThatCameBackAsAnother() throws Exception {
        // Given: a token that served, went, and comes back with a KEK that somebody knows
        RemovableToken honest = joined("stays");
        RemovableToken leaver = joined("leaves");
        try (Token first = Token.open(honest.config().inGroup());
                Token second = Token.open(leaver.config().inGroup());
                GroupRoot root = GroupRoot.random(first)) {
            root.importInto(first);
            root.importInto(second);
        }
        try (TokenGroup group = TokenGroup.open(
                List.of(honest.config().inGroup(), leaver.config().inGroup()), NEVER, CLOCK, events::add)) {
            assertThat(group.serving()).hasSize(2);
            leaver.remove();
            group.look();
            leaver.giveBack();
            change(leaver, (token, module, session, kek) -> module.destroyObject(session, kek));

            // When
            group.look();
            group.look();

            // Then
            assertThat(group.serving()).containsExactly(honest.label());
            KeyHandle key = born(group, KeySpec.AES_256_GCM);
            assertThat(group.decrypt(key, group.encrypt(key, MESSAGE, AAD), AAD))
                    .isEqualTo(MESSAGE);
        }
    }

    @Test
    void takesInALateTokenOnlyIfItCanDoWhatTheGroupDoes() throws Exception {
        // Given: a late token that lacks one KEK, as of a root that was imported by an older version
        RemovableToken full = joined("full");
        RemovableToken lesser = joined("lesser");
        try (Token first = Token.open(full.config().inGroup());
                Token second = Token.open(lesser.config().inGroup());
                GroupRoot root = GroupRoot.random(first)) {
            root.importInto(first);
            root.importInto(second);
        }
        change(lesser, (token, module, session, kek) -> module.destroyObject(session, kek));
        List<TokenConfig> configs =
                List.of(full.config().inGroup(), lesser.config().inGroup());
        lesser.remove();

        // When
        try (TokenGroup group = TokenGroup.open(configs, NEVER, CLOCK, events::add)) {
            lesser.giveBack();
            group.look();
            group.look();

            // Then
            assertThat(group.serving()).containsExactly(full.label());
            assertThat(group.capabilities().replicated()).contains(KeySpec.AES_256_GCM);
        }
        // A group that is opened with it does what both can, and says so.
        try (TokenGroup group = TokenGroup.open(configs, NEVER, CLOCK, events::add)) {
            assertThat(group.serving()).hasSize(2);
            assertThat(group.capabilities().replicated())
                    .doesNotContain(KeySpec.AES_256_GCM)
                    .contains(KeySpec.HMAC_SHA256);
        }
    }

    @Test
    void keepsAResidentKeyWhereItIsAndSaysSoWhenThatIsAway() throws Exception {
        try (TokenGroup group = open(NEVER)) {
            KeyHandle key = group.generate(KeySpec.ED25519, MESSAGE, "resident");
            byte[] signature = group.sign(key, SignatureAlgorithm.ED25519, MESSAGE);
            assertThat(group.verify(key, SignatureAlgorithm.ED25519, MESSAGE, signature))
                    .isTrue();
            assertThat(group.find(MESSAGE)).contains(key);
            assertThatThrownBy(() -> group.generate(KeySpec.ED25519, MESSAGE, "again"))
                    .isInstanceOf(TokenException.KeyExists.class);

            one.remove();
            other.remove();
            assertThatThrownBy(() -> group.sign(key, SignatureAlgorithm.ED25519, MESSAGE))
                    .isInstanceOf(TokenException.DeviceError.class);
            one.giveBack();
            other.giveBack();
            group.look();
            group.destroy(key);
            assertThat(group.find(MESSAGE)).isEmpty();
        }
    }

    @Test
    void spansTwoVendors() throws Exception {
        // Given: SoftHSM beside NSS, whose lack of guards is waived
        TokenConfig nss = NssSoftoken.make(
                        folder, "nss-" + UUID.randomUUID().toString().substring(0, 8))
                .inGroup();
        RemovableToken soft = RemovableToken.make(
                folder, "soft-" + UUID.randomUUID().toString().substring(0, 8));
        try (Token first = Token.open(soft.config().inGroup());
                Token second = Token.open(nss);
                GroupRoot root = GroupRoot.random(first)) {
            root.importInto(first);
            root.importInto(second);
        }

        try (TokenGroup group = TokenGroup.open(List.of(soft.config().inGroup(), nss), NEVER, CLOCK, events::add)) {
            KeyHandle aes = born(group, KeySpec.AES_256_GCM);
            KeyHandle rsa = born(group, KeySpec.RSA_2048);
            byte[] sealed = group.encrypt(aes, MESSAGE, AAD);

            // When
            soft.remove();
            group.look();

            // Then
            assertThat(group.decrypt(aes, sealed, AAD)).isEqualTo(MESSAGE);
            assertThat(group.verify(
                            rsa,
                            SignatureAlgorithm.RSA_PSS_SHA256,
                            MESSAGE,
                            group.sign(rsa, SignatureAlgorithm.RSA_PSS_SHA256, MESSAGE)))
                    .isTrue();
            assertThat(group.serving()).containsExactly(nss.label());
            // What one of them cannot do is not begun.
            assertThatThrownBy(() -> born(group, KeySpec.EC_P256)).isInstanceOf(TokenException.Unsupported.class);
        }
    }
}
