package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The known ways to get at keys through the device's own API, by somebody who has the PIN and calls C_* functions. Each is refused by
 * the token, or seen when its objects are read back: SECURITY.md says which.
 */
class AttackTest {
    private static final String LABEL = "attack-" + UUID.randomUUID().toString().substring(0, 8);
    private static final byte[] ID = "data-kek".getBytes(UTF_8);
    private static final byte[] CHILD = "child".getBytes(UTF_8);
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static Token token;
    private static WrappedKey wrapped;
    private static List<TokenObject> births;

    private static ModuleCopies copy;
    private static Cryptoki module;
    private static long slot;
    private static long session;
    private static long kek;
    private static long dataKek;
    private static long kwp;

    @BeforeAll
    static void open() throws Exception {
        SoftHsm.make(LABEL);
        token = SoftHsm.open(LABEL, 1);
        token.generate(KeySpec.AES_256_GCM, ID, "data-kek");
        wrapped = token.wrappedKeys().generate(KeySpec.AES_256_GCM, CHILD, BIRTH);
        births = token.inventory();
        copy = ModuleCopies.of(SoftHsm.module(), 1);
        module = Cryptoki.load(copy.modules().getFirst());
        slot = Slots.withLabel(module, LABEL);
        session = module.openSession(slot);
        module.login(session, Ck.USER, "123456".getBytes(UTF_8));
        kek = Objects.requireNonNull(TokenObjects.key(module, session, TokenKeks.id(KeySpec.AES_256_GCM)));
        dataKek = Objects.requireNonNull(TokenObjects.key(module, session, ID));
        kwp = TokenKeks.mechanism(module, slot);
    }

    @AfterAll
    static void close() throws Exception {
        token.close();
        module.closeAllSessions(slot);
        copy.close();
    }

    @BeforeEach
    void isUntouched() throws Exception {
        assertThat(ReadBack.compare(births, token.inventory())).isEmpty();
    }

    interface Attack {
        void run() throws TokenException;
    }

    private static Arguments attack(String name, Attack attack) {
        return Arguments.of(name, attack);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                attack(
                        "unwrap as one that can be read",
                        () -> KeyCalls.unwrap(module, session, kwp, kek, wrapped.wrapped(), readable())),
                attack(
                        "unwrap as one that can be wrapped again",
                        () -> KeyCalls.unwrap(
                                module,
                                session,
                                kwp,
                                kek,
                                wrapped.wrapped(),
                                readable().flag(Ck.SENSITIVE, true).flag(Ck.EXTRACTABLE, true))),
                attack(
                        "unwrap as one that wraps",
                        () -> KeyCalls.unwrap(
                                module,
                                session,
                                kwp,
                                kek,
                                wrapped.wrapped(),
                                TokenKeks.open(KeySpec.AES_256_GCM).flag(Ck.WRAP, true))),
                attack(
                        "unwrap as one for any mode",
                        () -> KeyCalls.unwrap(
                                module,
                                session,
                                kwp,
                                kek,
                                wrapped.wrapped(),
                                TokenKeks.fixed(KeySpec.AES_256_GCM, Set.of()))),
                attack(
                        "unwrap as one that stays",
                        () -> KeyCalls.unwrap(
                                module,
                                session,
                                kwp,
                                kek,
                                wrapped.wrapped(),
                                TokenKeks.open(KeySpec.AES_256_GCM).flag(Ck.ON_TOKEN, true))),
                attack(
                        "unwrap as another type, whose bytes other mechanisms show",
                        () -> KeyCalls.unwrap(
                                module,
                                session,
                                kwp,
                                kek,
                                wrapped.wrapped(),
                                readable().number(Ck.KEY_TYPE, Ck.KEY_GENERIC_SECRET))),
                attack(
                        "wrap, then decrypt by the wrapping key (ECB)",
                        () -> KeyCalls.decrypt(module, session, Mechanism.of(Ck.AES_ECB), kek, new byte[16])),
                attack(
                        "wrap, then decrypt by the wrapping key (GCM)",
                        () -> KeyCalls.decrypt(
                                module, session, Gcm.mechanism(new byte[12], new byte[0]), kek, new byte[32])),
                attack(
                        "forge a wrapped key by encryption under the wrapping key (ECB)",
                        () -> KeyCalls.encrypt(module, session, Mechanism.of(Ck.AES_ECB), kek, new byte[16])),
                attack("wrap a resident key by the KEK", () -> KeyCalls.wrap(module, session, kwp, kek, dataKek)),
                attack(
                        "wrap a resident key by a wrapping key of one's own",
                        () -> KeyCalls.wrap(module, session, kwp, fleeting(Ck.WRAP, Ck.DECRYPT), dataKek)),
                attack(
                        "wrap without authentication (CBC)",
                        () -> KeyCalls.wrap(module, session, cbc(), kek, fleeting(Ck.ENCRYPT))),
                attack(
                        "unwrap without authentication (CBC)",
                        () -> KeyCalls.unwrap(module, session, cbc(), kek, new byte[32], fixed())),
                attack(
                        "use a GCM key in another mode (ECB)",
                        () -> KeyCalls.decrypt(module, session, Mechanism.of(Ck.AES_ECB), dataKek, new byte[16])),
                attack(
                        "use a GCM key in another mode (CTR)",
                        () -> KeyCalls.decrypt(
                                module,
                                session,
                                new Mechanism(Ck.AES_CTR, new Mechanism.Ctr(new byte[16])),
                                dataKek,
                                new byte[16])),
                attack("loosen a KEK: decrypt", () -> set(kek, new Template().flag(Ck.DECRYPT, true))),
                attack("loosen a KEK: extract", () -> set(kek, new Template().flag(Ck.EXTRACTABLE, true))),
                attack(
                        "loosen a KEK: another template",
                        () -> set(kek, new Template().template(Ck.UNWRAP_TEMPLATE, readable()))),
                attack(
                        "loosen a KEK: more mechanisms",
                        () -> set(kek, new Template().number(Ck.ALLOWED_MECHANISMS, kwp, Ck.AES_ECB))),
                attack("loosen a key: wrap", () -> set(dataKek, new Template().flag(Ck.WRAP, true))),
                attack("loosen a key: sensitive", () -> set(dataKek, new Template().flag(Ck.SENSITIVE, false))),
                attack("loosen a key: modifiable", () -> set(dataKek, new Template().flag(Ck.MODIFIABLE, true))),
                attack("copy a KEK as one that decrypts", () -> copyOf(kek, new Template().flag(Ck.DECRYPT, true))),
                attack("copy a key as one that wraps", () -> copyOf(dataKek, new Template().flag(Ck.WRAP, true))),
                attack("copy a key as it is", () -> copyOf(dataKek, new Template().flag(Ck.ON_TOKEN, false))),
                attack(
                        "turn an unwrapped key loose",
                        () -> set(
                                KeyCalls.unwrap(module, session, kwp, kek, wrapped.wrapped(), fixed()),
                                new Template().flag(Ck.EXTRACTABLE, true))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedByTheToken(String name, Attack attack) {
        assertThatThrownBy(attack::run)
                .isInstanceOfSatisfying(
                        TokenException.DeviceError.class,
                        e -> assertThat(e.ckr())
                                .isIn(
                                        "CKR_TEMPLATE_INCONSISTENT",
                                        "CKR_ATTRIBUTE_READ_ONLY",
                                        "CKR_ACTION_PROHIBITED",
                                        "CKR_KEY_FUNCTION_NOT_PERMITTED",
                                        "CKR_MECHANISM_INVALID",
                                        "CKR_KEY_UNEXTRACTABLE",
                                        "CKR_KEY_TYPE_INCONSISTENT",
                                        "CKR_KEY_NOT_WRAPPABLE"));
    }

    interface Making {
        long make() throws TokenException;
    }

    private static Arguments making(String name, Making making, Predicate<ReadBack.Difference> sign) {
        return Arguments.of(name, making, sign);
    }

    static Stream<Arguments> seen() {
        Predicate<ReadBack.Difference> unordered = ReadBack.Unordered.class::isInstance;
        return Stream.of(
                making(
                        "a key that wraps and decrypts",
                        () -> lasting(new byte[] {1}, "mine", Ck.WRAP, Ck.DECRYPT),
                        unordered),
                making(
                        "a key that unwraps and decrypts",
                        () -> lasting(new byte[] {2}, "its", Ck.UNWRAP, Ck.DECRYPT),
                        unordered),
                making(
                        "a key whose value is known",
                        () -> module.createObject(
                                session,
                                new Template()
                                        .number(Ck.CLASS, Ck.SECRET_KEY)
                                        .number(Ck.KEY_TYPE, Ck.KEY_AES)
                                        .bytes(Ck.ID, new byte[] {3})
                                        .text(Ck.LABEL, "known")
                                        .flag(Ck.ON_TOKEN, true)
                                        .flag(Ck.SENSITIVE, true)
                                        .flag(Ck.EXTRACTABLE, false)
                                        .bytes(Ck.VALUE, new byte[32])),
                        unordered),
                making(
                        "another key by the id and label of one of ours",
                        () -> lasting(ID, "data-kek", Ck.DECRYPT),
                        unordered),
                making(
                        "a value beside ours",
                        () -> module.createObject(
                                session,
                                new Template()
                                        .number(Ck.CLASS, Ck.DATA)
                                        .text(Ck.LABEL, "note")
                                        .flag(Ck.ON_TOKEN, true)
                                        .flag(Ck.PRIVATE, true)
                                        .bytes(Ck.VALUE, new byte[] {4})),
                        unordered));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seen")
    void isSeenWhenTheTokenIsReadBack(String name, Making making, Predicate<ReadBack.Difference> sign)
            throws Exception {
        // When
        long object = making.make();
        List<ReadBack.Difference> differences = ReadBack.compare(births, token.inventory());
        module.destroyObject(session, object);

        // Then
        assertThat(differences).singleElement().matches(sign);
    }

    @ParameterizedTest
    @MethodSource("exchanged")
    void aKeyThatIsExchangedForAnotherOfTheSameNameIsSeen(KeySpec spec) throws Exception {
        // Given
        byte[] id = (spec + "-exchanged").getBytes(UTF_8);
        String label = spec + " exchanged";
        KeyHandle key = token.generate(spec, id, label);
        List<TokenObject> before = token.inventory();

        // When: by the library itself, as nothing looks more like the original
        token.destroy(key);
        KeyHandle next = token.generate(spec, id, label);
        List<ReadBack.Difference> differences = ReadBack.compare(before, token.inventory());
        token.destroy(next);

        // Then
        assertThat(differences).isNotEmpty().allSatisfy(one -> {
            assertThat(one).isInstanceOf(ReadBack.Changed.class);
            assertThat(((ReadBack.Changed) one).attribute())
                    .isIn("CKA_CHECK_VALUE", "CKA_VALUE", "CKA_MODULUS", "CKA_EC_POINT");
        });
    }

    static Stream<KeySpec> exchanged() {
        return Stream.of(
                KeySpec.AES_256_GCM, KeySpec.HMAC_SHA256, KeySpec.EC_P256, KeySpec.ED25519, KeySpec.RSA_OAEP_2048);
    }

    @ParameterizedTest
    @MethodSource("planted")
    void noKekThatSomebodyPlantedIsUsed(boolean knownValue) throws Exception {
        // Given
        Template like = TokenKeks.template(KeySpec.EC_P256, Guard.RESIDENT, kwp, "/0000");
        long object = knownValue
                ? module.createObject(session, like.bytes(Ck.VALUE, new byte[32]))
                : module.generateKey(session, Ck.AES_KEY_GEN, like.number(Ck.VALUE_LEN, 32));

        // When / Then
        try (Token again = SoftHsm.open(LABEL, 1)) {
            WrappedKeys keys = again.wrappedKeys();
            assertThatThrownBy(() -> keys.generate(KeySpec.EC_P256, CHILD, BIRTH))
                    .isInstanceOf(TokenException.Tampered.class)
                    .hasMessageContaining("passes for the KEK");
        } finally {
            module.destroyObject(session, object);
        }
    }

    static Stream<Boolean> planted() {
        return Stream.of(true, false);
    }

    private static void set(long object, Template template) throws TokenException {
        module.setAttributes(session, object, template);
    }

    private static void copyOf(long object, Template template) throws TokenException {
        module.copyObject(session, object, template);
    }

    private static Template fixed() {
        return TokenKeks.fixed(KeySpec.AES_256_GCM, EnumSet.allOf(Guard.class));
    }

    private static Mechanism cbc() {
        return new Mechanism(Ck.AES_CBC, new Mechanism.Iv(new byte[16]));
    }

    private static Template readable() {
        return new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.SENSITIVE, false)
                .flag(Ck.EXTRACTABLE, true);
    }

    /** A session key of the attacker's own, which may do these and can be wrapped. */
    private static long fleeting(Long... uses) throws TokenException {
        Template template = new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .number(Ck.VALUE_LEN, 32)
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.EXTRACTABLE, true);
        Arrays.stream(uses).forEach(use -> template.flag(use, true));
        return module.generateKey(session, Ck.AES_KEY_GEN, template);
    }

    private static long lasting(byte[] id, String label, Long... uses) throws TokenException {
        Template template = new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .bytes(Ck.ID, id)
                .text(Ck.LABEL, label)
                .number(Ck.VALUE_LEN, 32)
                .flag(Ck.ON_TOKEN, true)
                .flag(Ck.PRIVATE, true);
        for (Long use : uses) {
            template.flag(use, true);
        }
        return module.generateKey(session, Ck.AES_KEY_GEN, template);
    }
}
