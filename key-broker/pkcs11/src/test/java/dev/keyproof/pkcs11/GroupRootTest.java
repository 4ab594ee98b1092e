package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A root that is imported: what the tokens keep of it, and that it leads from one to the other. */
class GroupRootTest {
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final byte[] ID = {7};
    private static final String ONE = "root-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String OTHER = "root-" + UUID.randomUUID().toString().substring(0, 8);
    private static byte[] secret;

    @BeforeAll
    static void make() throws Exception {
        SoftHsm.make(ONE);
        SoftHsm.make(OTHER);
        try (Token first = open(ONE);
                GroupRoot root = GroupRoot.random(first)) {
            secret = root.secret();
            root.importInto(first);
        }
        // The other one gets it from what was kept.
        try (Token second = open(OTHER);
                GroupRoot again = GroupRoot.of(secret.clone())) {
            again.importInto(second);
        }
    }

    private static Token open(String label) throws TokenException {
        return Token.open(new TokenConfig(SoftHsm.module(), label, SoftHsm.pin("123456"), 1).inGroup());
    }

    @Test
    void makesKeysOfOneTokenUsableInTheOther() throws Exception {
        try (Token first = open(ONE);
                Token second = open(OTHER)) {
            for (KeySpec spec : List.of(KeySpec.AES_256_GCM, KeySpec.HMAC_SHA512, KeySpec.EC_P384)) {
                WrappedKey key = first.wrappedKeys().generate(spec, ID, BIRTH);

                KeyHandle here = first.wrappedKeys().open(key, ID, "key", BIRTH);
                KeyHandle there = second.wrappedKeys().open(WrappedKey.parse(key.encoded()), ID, "key", BIRTH);

                switch (spec.purpose()) {
                    case ENCRYPT ->
                        assertThat(second.decrypt(there, first.encrypt(here, ID, ID), ID))
                                .isEqualTo(ID);
                    case MAC -> assertThat(second.mac(there, ID)).isEqualTo(first.mac(here, ID));
                    default ->
                        assertThat(first.verify(
                                        here,
                                        SignatureAlgorithm.ECDSA_SHA384,
                                        ID,
                                        second.sign(there, SignatureAlgorithm.ECDSA_SHA384, ID)))
                                .isTrue();
                }
            }
        }
    }

    @Test
    void leavesInTheTokenOnlyKeysThatNobodyCanReadCopyOrChange() throws Exception {
        try (Token token = open(ONE)) {
            List<TokenObject> objects = token.inventory();

            // One KEK for each kind that SoftHSM wraps, and the key that binds.
            assertThat(objects)
                    .extracting(TokenObject::label)
                    .hasSize(15)
                    .allMatch(label -> label.startsWith("keyproof/kek/"));
            assertThat(objects)
                    .allSatisfy(object -> assertThat(object.attributes())
                            .containsEntry("CKA_SENSITIVE", "true")
                            .containsEntry("CKA_EXTRACTABLE", "false")
                            .containsEntry("CKA_MODIFIABLE", "false")
                            .containsEntry("CKA_COPYABLE", "false")
                            .containsEntry("CKA_DECRYPT", "false")
                            .containsEntry("CKA_LOCAL", "false"));
            Predicate<TokenObject> kek = object -> !object.label().endsWith("seal");
            assertThat(objects)
                    .filteredOn(kek)
                    .allSatisfy(object -> assertThat(object.attributes())
                            .containsEntry("CKA_UNWRAP_TEMPLATE/CKA_EXTRACTABLE", "false")
                            .containsEntry("CKA_UNWRAP_TEMPLATE/CKA_SENSITIVE", "true")
                            .containsEntry("CKA_UNWRAP_TEMPLATE/CKA_UNWRAP", "false"));
        }
    }

    @Test
    void isImportedOnceIntoATokenThatIsOfItsGroup() throws Exception {
        try (Token token = open(ONE);
                GroupRoot root = GroupRoot.random(token)) {
            assertThatThrownBy(() -> root.importInto(token)).isInstanceOf(TokenException.KeyExists.class);
        }
        // A token whose root should have been born in it takes no other for one: somebody may know it.
        try (Token alone = SoftHsm.open(ONE, 1)) {
            assertThatThrownBy(alone::wrappedKeys).isInstanceOf(TokenException.Tampered.class);
        }
        String empty = "root-" + UUID.randomUUID().toString().substring(0, 8);
        SoftHsm.make(empty);
        try (Token token = open(empty)) {
            assertThatThrownBy(token::wrappedKeys)
                    .isInstanceOf(TokenException.Unsupported.class)
                    .hasMessageContaining("No root of a group was imported");
        }
    }

    @Test
    void isWipedAndTellsNothing() {
        byte[] given = secret.clone();
        GroupRoot root = GroupRoot.of(given);
        byte[] commitment = root.commitment();

        assertThat(given).containsOnly(0);
        assertThat(root.secret()).isEqualTo(secret);
        assertThat(commitment).hasSize(32).isNotEqualTo(secret);
        try (GroupRoot other = GroupRoot.of(new byte[32])) {
            assertThat(other.commitment()).isNotEqualTo(commitment);
        }
        assertThat(root).hasToString("GroupRoot");
        root.close();
        assertThat(root.secret()).containsOnly(0);
        assertThatThrownBy(() -> GroupRoot.of("short".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}
