package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every token does as far as it says it can, checked by software that never saw it; and what it says it cannot it refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeviceContract {
    /** Births of these take seconds, and 2048 bits show the same. */
    private static final String LONG = "RSA_(OAEP_)?(3072|4096)";

    private static final byte[] MESSAGE = "a payment of 3 pence".getBytes(UTF_8);
    private static final String BIRTH = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private Token token;
    private Capabilities capabilities;
    private TokenConfig config;

    /** Makes a new token and says how to open it. */
    abstract TokenConfig make(Path folder, String label) throws Exception;

    abstract Capabilities expected();

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        config = make(folder, "contract-" + UUID.randomUUID().toString().substring(0, 8));
        token = Token.open(config);
        capabilities = token.capabilities();
    }

    @AfterAll
    void close() throws Exception {
        token.close();
    }

    @Test
    void canDoWhatIsExpectedOfIt() {
        assertThat(capabilities).isEqualTo(expected());
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_NONE, names = LONG)
    void usesAResidentKeyOrRefusesToMakeIt(KeySpec spec) throws Exception {
        byte[] id = (spec + "-resident").getBytes(UTF_8);
        if (!capabilities.resident().contains(spec)) {
            assertThatThrownBy(() -> token.generate(spec, id, "resident " + spec))
                    .isInstanceOf(TokenException.Unsupported.class);
            return;
        }

        KeyHandle key = token.generate(spec, id, "resident " + spec);

        uses(key);
        assertThat(token.attributes(key)).satisfies(read -> {
            assertThat(read.sensitive()).isTrue();
            assertThat(read.extractable()).isFalse();
            assertThat(read.modifiable()).isFalse();
            assertThat(read.bits()).isEqualTo(spec.bits());
            assertThat(read.id()).isEqualTo(HexFormat.of().formatHex(id));
            assertThat(EnumSet.of(KeySpec.Purpose.ENCRYPT, KeySpec.Purpose.DECRYPT)
                            .contains(spec.purpose()))
                    .isEqualTo(read.decrypt())
                    .isEqualTo(!read.sign());
        });
        try (Token again = Token.open(config)) {
            assertThat(again.find(id)).contains(key);
            assertThat(again.find(id).orElseThrow().spec()).isEqualTo(spec);
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.MATCH_NONE, names = LONG)
    void usesAReplicatedKeyOrRefusesToMakeIt(KeySpec spec) throws Exception {
        byte[] id = (spec + "-replicated").getBytes(UTF_8);
        WrappedKeys keys = token.wrappedKeys();
        if (!capabilities.replicated().contains(spec)) {
            assertThatThrownBy(() -> keys.generate(spec, id, BIRTH)).isInstanceOf(TokenException.Unsupported.class);
            return;
        }

        KeyHandle key =
                keys.open(WrappedKey.parse(keys.generate(spec, id, BIRTH).encoded()), id, "key", BIRTH);

        uses(key);
        assertThat(token.attributes(key).extractable()).isFalse();
        assertThat(token.attributes(key).sensitive()).isTrue();
    }

    private void uses(KeyHandle key) throws Exception {
        switch (key.spec().purpose()) {
            case ENCRYPT -> {
                byte[] aad = key.spec() == KeySpec.AES_256_GCM ? MESSAGE : new byte[0];
                byte[] sealed = token.encrypt(key, MESSAGE, aad);
                assertThat(sealed).isNotEqualTo(token.encrypt(key, MESSAGE, aad));
                assertThat(token.decrypt(key, sealed, aad)).isEqualTo(MESSAGE);
            }
            case MAC -> {
                byte[] mac = token.mac(key, MESSAGE);
                assertThat(mac).hasSize(key.spec().bits() / 8);
                assertThat(token.verifyMac(key, MESSAGE, mac)).isTrue();
                assertThat(token.verifyMac(key, new byte[0], mac)).isFalse();
            }
            case SIGN -> {
                for (SignatureAlgorithm algorithm : capabilities.signatures()) {
                    if (algorithm.fits(key.spec())) {
                        byte[] signature = token.sign(key, algorithm, MESSAGE);
                        assertThat(verifies(token.publicKey(key), algorithm, signature))
                                .as("%s", algorithm)
                                .isTrue();
                        signature[signature.length - 1] ^= 1;
                        assertThat(token.verify(key, algorithm, MESSAGE, signature))
                                .isFalse();
                    }
                }
            }
            case DECRYPT -> {
                for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
                    byte[] sealed = sealedBySoftware(token.publicKey(key), algorithm);
                    if (!capabilities.encryptions().contains(algorithm)) {
                        assertThatThrownBy(() -> token.decrypt(key, algorithm, sealed))
                                .isInstanceOf(TokenException.Unsupported.class);
                        continue;
                    }
                    assertThat(token.decrypt(key, algorithm, sealed)).isEqualTo(MESSAGE);
                    assertThat(token.decrypt(key, algorithm, token.encrypt(key, algorithm, MESSAGE)))
                            .isEqualTo(MESSAGE);
                    byte[] beyond = new byte[sealed.length];
                    Arrays.fill(beyond, (byte) 0xff);
                    for (byte[] none : List.of(
                            beyond, new byte[0], Arrays.copyOf(sealed, sealed.length - 1), new byte[sealed.length])) {
                        assertThatThrownBy(() -> token.decrypt(key, algorithm, none))
                                .isInstanceOf(TokenException.Rejected.class);
                    }
                    sealed[sealed.length - 1] ^= 1;
                    assertThatThrownBy(() -> token.decrypt(key, algorithm, sealed))
                            .isInstanceOf(TokenException.Rejected.class);
                }
                assertThatThrownBy(() -> token.encrypt(key, EncryptionAlgorithm.RSA_OAEP_SHA256, new byte[191]))
                        .isInstanceOf(TokenException.Unsupported.class);
            }
        }
    }

    /** By Bouncy Castle, which shares no code with the run time's providers. */
    private static boolean verifies(PublicKey key, SignatureAlgorithm algorithm, byte[] signature) throws Exception {
        java.security.Signature verifier =
                java.security.Signature.getInstance(bouncyName(algorithm), new BouncyCastleProvider());
        verifier.initVerify(key);
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    private static String bouncyName(SignatureAlgorithm algorithm) {
        return algorithm.isPss() ? algorithm.digest().replace("-", "") + "withRSAandMGF1" : algorithm.jcaName();
    }

    private static byte[] sealedBySoftware(PublicKey key, EncryptionAlgorithm algorithm) throws Exception {
        AsymmetricBlockCipher oaep = algorithm == EncryptionAlgorithm.RSA_OAEP_SHA1
                ? new OAEPEncoding(new RSAEngine(), new SHA1Digest())
                : new OAEPEncoding(new RSAEngine(), new SHA256Digest());
        oaep.init(true, PublicKeyFactory.createKey(key.getEncoded()));
        return oaep.processBlock(MESSAGE, 0, MESSAGE.length);
    }

    /** Keys whose value is known here, so that software can do what the token did. */
    @ParameterizedTest
    @EnumSource(names = {"AES_256_GCM", "AES_256_CTR", "HMAC_SHA256", "HMAC_SHA384", "HMAC_SHA512"})
    void computesWhatSoftwareComputesByTheSameKey(KeySpec spec) throws Exception {
        if (!capabilities.resident().contains(spec)) {
            return;
        }
        byte[] value = new byte[spec.bits() / 8];
        Arrays.fill(value, (byte) 0x5a);
        byte[] id = (spec + "-known").getBytes(UTF_8);
        KeyHandle named = new KeyHandle(id, "known " + spec, spec);
        token.first()
                .natively((module, session) -> module.createObject(
                        session,
                        new Template()
                                .number(Ck.CLASS, Ck.SECRET_KEY)
                                .bytes(Ck.VALUE, value)
                                .number(Ck.KEY_TYPE, KeyKinds.type(spec))
                                .bytes(Ck.ID, id)
                                .text(Ck.LABEL, named.label())
                                .flag(Ck.ON_TOKEN, true)
                                .flag(Ck.PRIVATE, true)
                                .flag(Ck.SENSITIVE, true)
                                .flag(Ck.ENCRYPT, spec.purpose() == KeySpec.Purpose.ENCRYPT)
                                .flag(Ck.DECRYPT, spec.purpose() == KeySpec.Purpose.ENCRYPT)
                                .flag(Ck.SIGN, spec.purpose() == KeySpec.Purpose.MAC)));

        switch (spec) {
            case AES_256_GCM -> {
                byte[] sealed = token.encrypt(named, MESSAGE, id);
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(
                        Cipher.DECRYPT_MODE, new SecretKeySpec(value, "AES"), new GCMParameterSpec(128, sealed, 0, 12));
                cipher.updateAAD(id);
                assertThat(cipher.doFinal(sealed, 12, sealed.length - 12)).isEqualTo(MESSAGE);
            }
            case AES_256_CTR -> {
                byte[] sealed = token.encrypt(named, MESSAGE, new byte[0]);
                Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
                cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(value, "AES"), new IvParameterSpec(sealed, 0, 16));
                assertThat(cipher.doFinal(sealed, 16, sealed.length - 16)).isEqualTo(MESSAGE);
                assertThatThrownBy(() -> token.encrypt(named, MESSAGE, id))
                        .isInstanceOf(TokenException.Unsupported.class);
                assertThatThrownBy(() -> token.decrypt(named, new byte[15], new byte[0]))
                        .isInstanceOf(TokenException.Rejected.class);
            }
            default -> {
                Mac mac = Mac.getInstance("HmacSHA" + spec.bits());
                mac.init(new SecretKeySpec(value, "HMAC"));
                assertThat(token.mac(named, MESSAGE)).isEqualTo(mac.doFinal(MESSAGE));
            }
        }
    }

    @Test
    void makesNoKeyWithoutAGuardThatIsNotWaived() throws Exception {
        TokenConfig strict = new TokenConfig(
                config.module(),
                config.label(),
                config.pin(),
                config.shards(),
                config.parameters(),
                Set.of(),
                Root.BORN);
        try (Token guarded = Token.open(strict)) {
            boolean all = capabilities.guards().containsAll(Guard.RESIDENT);

            assertThat(guarded.capabilities().resident().isEmpty()).isEqualTo(!all);
            if (!all) {
                assertThatThrownBy(() -> guarded.generate(KeySpec.AES_256_GCM, MESSAGE, "unguarded"))
                        .isInstanceOf(TokenException.Unsupported.class)
                        .hasMessageContaining("NOT_COPYABLE");
                assertThatThrownBy(() -> guarded.wrappedKeys().generate(KeySpec.AES_256_GCM, MESSAGE, BIRTH))
                        .isInstanceOf(TokenException.Unsupported.class);
            }
        }
    }

    @Test
    void showsEveryObjectAsItWasBorn() throws Exception {
        byte[] id = "inventory".getBytes(UTF_8);
        var before = token.inventory();
        KeyHandle key = token.generate(KeySpec.EC_P256, id, "inventory");
        var births = token.objects(key);

        assertThat(births).extracting(TokenObject::kind).containsExactlyInAnyOrder("PRIVATE_KEY", "CERTIFICATE");
        assertThat(ReadBack.compare(births, token.objects(key))).isEmpty();
        assertThat(ReadBack.compare(before, token.inventory()))
                .hasSize(2)
                .allMatch(ReadBack.Unordered.class::isInstance);
        token.destroy(key);
        assertThat(ReadBack.compare(before, token.inventory())).isEmpty();
        assertThat(ReadBack.compare(births, token.objects(key)))
                .hasSize(2)
                .allMatch(ReadBack.Missing.class::isInstance);
    }
}
