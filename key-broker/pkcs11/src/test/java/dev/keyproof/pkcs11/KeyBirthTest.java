package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the token itself says of each kind of key, and what it refuses to the logged-in user. */
class KeyBirthTest {
    private static final String LABEL = "birth-" + UUID.randomUUID().toString().substring(0, 8);
    private static Token token;

    @BeforeAll
    static void open() throws Exception {
        SoftHsm.make(LABEL);
        token = SoftHsm.open(LABEL, 2);
    }

    @AfterAll
    static void close() throws Exception {
        token.close();
    }

    /** RSA keys this long take seconds to find, so they are not in the fast tests. */
    @ParameterizedTest
    @Tag("server")
    @EnumSource(
            value = KeySpec.class,
            names = {"RSA_3072", "RSA_4096", "RSA_OAEP_3072", "RSA_OAEP_4096"})
    void isBornLongWithTheAttributesItKeeps(KeySpec spec) throws Exception {
        isBornWithTheAttributesItKeeps(spec);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RSA_3072", "RSA_4096", "RSA_OAEP_3072", "RSA_OAEP_4096"})
    void isBornWithTheAttributesItKeeps(KeySpec spec) throws Exception {
        byte[] id = id("born-" + spec);

        KeyHandle key = token.generate(spec, id, "born " + spec);

        boolean encrypts = spec.purpose() == KeySpec.Purpose.ENCRYPT;
        assertThat(token.attributes(key))
                .isEqualTo(new KeyAttributes(
                        true,
                        true,
                        true,
                        false,
                        true,
                        true,
                        true,
                        false,
                        false,
                        encrypts,
                        encrypts || spec.purpose() == KeySpec.Purpose.DECRYPT,
                        spec.purpose() == KeySpec.Purpose.SIGN || spec.purpose() == KeySpec.Purpose.MAC,
                        spec.purpose() == KeySpec.Purpose.MAC,
                        false,
                        false,
                        false,
                        keyType(spec),
                        spec.bits(),
                        HexFormat.of().formatHex(id),
                        "born " + spec,
                        mechanisms(spec)));
    }

    private static String keyType(KeySpec spec) {
        return switch (spec.family()) {
            case AES -> "AES";
            case HMAC -> "GENERIC_SECRET";
            case RSA -> "RSA";
            case EC -> "EC";
            case EDWARDS -> "EC_EDWARDS";
        };
    }

    private static List<Long> mechanisms(KeySpec spec) {
        return switch (spec) {
            case AES_256_GCM -> List.of(0x1087L);
            case AES_256_CTR -> List.of(0x1086L);
            case HMAC_SHA256 -> List.of(0x251L);
            case HMAC_SHA384 -> List.of(0x261L);
            case HMAC_SHA512 -> List.of(0x271L);
            case RSA_2048, RSA_3072, RSA_4096 -> List.of(0x1L, 0xDL, 0x40L, 0x41L, 0x42L, 0x43L, 0x44L, 0x45L);
            case RSA_OAEP_2048, RSA_OAEP_3072, RSA_OAEP_4096 -> List.of(0x9L);
            case EC_P256, EC_P384, EC_P521 -> List.of(0x1041L);
            case ED25519 -> List.of(0x1057L);
        };
    }

    private static byte[] id(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
