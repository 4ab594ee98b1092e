package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each use of each kind of key, verified by software that never saw the token. */
class KeyUseTest {
    private static final String LABEL = "use-" + UUID.randomUUID().toString().substring(0, 8);
    private static final byte[] MESSAGE = "a payment of 3 pence".getBytes(UTF_8);
    private static final byte[] NO_AAD = {};
    private static final Map<KeySpec, KeyHandle> SHARED = new EnumMap<>(KeySpec.class);
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

    @Test
    void decryptsWhatItEncrypted() throws Exception {
        KeyHandle key = key(KeySpec.AES_256_GCM);
        byte[] aad = "tenant 7".getBytes(UTF_8);

        for (int size : new int[] {0, 1, 32, 4096, 65_536}) {
            byte[] plaintext = token.random(size);
            byte[] ciphertext = token.encrypt(key, plaintext, aad);

            assertThat(ciphertext).hasSize(12 + size + 16);
            assertThat(token.decrypt(key, ciphertext, aad)).isEqualTo(plaintext);
        }
        assertThat(token.decrypt(key, token.encrypt(key, MESSAGE, NO_AAD), NO_AAD))
                .isEqualTo(MESSAGE);
    }

    @Test
    void rejectsEachAlteredByteOfACiphertextAndOtherAssociatedData() throws Exception {
        KeyHandle key = key(KeySpec.AES_256_GCM);
        byte[] aad = "tenant 7".getBytes(UTF_8);
        byte[] ciphertext = token.encrypt(key, MESSAGE, aad);

        for (int i = 0; i < ciphertext.length; i++) {
            byte[] altered = ciphertext.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> token.decrypt(key, altered, aad))
                    .as("byte %d", i)
                    .isInstanceOf(TokenException.Rejected.class);
        }
        assertThatThrownBy(() -> token.decrypt(key, ciphertext, "tenant 8".getBytes(UTF_8)))
                .isInstanceOf(TokenException.Rejected.class);
        assertThatThrownBy(() -> token.decrypt(key, ciphertext, NO_AAD)).isInstanceOf(TokenException.Rejected.class);
        assertThatThrownBy(() -> token.decrypt(key, Arrays.copyOf(ciphertext, 27), aad))
                .isInstanceOf(TokenException.Rejected.class);
        assertThatThrownBy(() -> token.decrypt(key(KeySpec.AES_256_GCM), ciphertext, aad))
                .isInstanceOf(TokenException.Rejected.class);
    }

    @Test
    void neverUsesAnIvTwice() throws Exception {
        KeyHandle key = key(KeySpec.AES_256_GCM);

        long ivs = Stream.generate(() -> 0)
                .limit(200)
                .map(ignored -> encrypted(key))
                .map(ciphertext -> java.nio.ByteBuffer.wrap(ciphertext, 0, 12))
                .distinct()
                .count();

        assertThat(ivs).isEqualTo(200);
    }

    private static byte[] encrypted(KeyHandle key) {
        try {
            return token.encrypt(key, MESSAGE, NO_AAD);
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signsWhatItsPublicKeyVerifies(KeySpec spec, SignatureAlgorithm algorithm) throws Exception {
        KeyHandle key = shared(spec);

        byte[] signature = token.sign(key, algorithm, MESSAGE);

        assertThat(verifiedBySoftware(key, algorithm, signature)).isTrue();
        assertThat(token.verify(key, algorithm, MESSAGE, signature)).isTrue();
        assertThat(token.verify(key, algorithm, new byte[] {1}, signature)).isFalse();
        assertThat(token.verify(key, algorithm, MESSAGE, new byte[] {1, 2, 3})).isFalse();
        signature[signature.length - 1] ^= 1;
        assertThat(token.verify(key, algorithm, MESSAGE, signature)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signsDigests(KeySpec spec, SignatureAlgorithm algorithm) throws Exception {
        KeyHandle key = shared(spec);

        if (algorithm == SignatureAlgorithm.ED25519) {
            assertThatThrownBy(() -> token.signDigest(key, algorithm, new byte[0]))
                    .isInstanceOf(TokenException.Unsupported.class);
            return;
        }
        byte[] digest = MessageDigest.getInstance(algorithm.digest()).digest(MESSAGE);
        assertThat(verifiedBySoftware(key, algorithm, token.signDigest(key, algorithm, digest)))
                .isTrue();
        assertThatThrownBy(() -> token.signDigest(key, algorithm, new byte[31]))
                .isInstanceOf(TokenException.Unsupported.class);
    }

    private static boolean verifiedBySoftware(KeyHandle key, SignatureAlgorithm algorithm, byte[] signature)
            throws Exception {
        Signature verifier = Signature.getInstance(algorithm.jcaName());
        Verification.parameters(verifier, algorithm);
        verifier.initVerify(token.publicKey(key));
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    static Stream<Arguments> signatures() {
        // One length of RSA is enough here: 3072 and 4096 are born in the birth test.
        return Stream.of(KeySpec.RSA_2048, KeySpec.EC_P256, KeySpec.EC_P384, KeySpec.EC_P521, KeySpec.ED25519)
                .flatMap(spec -> Arrays.stream(SignatureAlgorithm.values())
                        .filter(algorithm -> algorithm.fits(spec))
                        .map(algorithm -> Arguments.of(spec, algorithm)));
    }

    @Test
    void macsAMessageAlikeOnEveryShard() throws Exception {
        KeyHandle key = key(KeySpec.HMAC_SHA256);

        byte[] mac = token.mac(key, MESSAGE);

        assertThat(mac).hasSize(32);
        assertThat(token.verifyMac(key, MESSAGE, mac)).isTrue();
        assertThat(token.verifyMac(key, new byte[0], mac)).isFalse();
        assertThat(token.verifyMac(key, MESSAGE, new byte[] {1})).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"RSA_2048", "EC_P256", "EC_P384", "EC_P521", "ED25519"})
    void carriesItsPublicKeyInASelfSignedCertificate(KeySpec spec) throws Exception {
        KeyHandle key = shared(spec);

        var certificate = token.certificate(key);

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + key.label());
        assertThat(certificate.getKeyUsage()).startsWith(true, false);
    }

    @Test
    void lendsAPrivateKeyToJca() throws Exception {
        KeyHandle key = key(KeySpec.EC_P256);

        var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                .setProvider(token.provider())
                .build(token.jcaPrivateKey(key));
        signer.getOutputStream().write(MESSAGE);

        assertThat(verifiedBySoftware(key, SignatureAlgorithm.ECDSA_SHA256, signer.getSignature()))
                .isTrue();
        assertThat(token.jcaPrivateKey(key).getEncoded()).isNull();
    }

    @Test
    void refusesAKeyThatIsNotForTheUse() throws Exception {
        KeyHandle aes = key(KeySpec.AES_256_GCM);
        KeyHandle ec = key(KeySpec.EC_P256);

        assertThatThrownBy(() -> token.mac(aes, MESSAGE)).isInstanceOf(TokenException.Unsupported.class);
        assertThatThrownBy(() -> token.sign(aes, SignatureAlgorithm.ECDSA_SHA256, MESSAGE))
                .isInstanceOf(TokenException.Unsupported.class);
        assertThatThrownBy(() -> token.encrypt(ec, MESSAGE, NO_AAD)).isInstanceOf(TokenException.Unsupported.class);
        assertThatThrownBy(() -> token.sign(ec, SignatureAlgorithm.RSA_PSS_SHA256, MESSAGE))
                .isInstanceOf(TokenException.Unsupported.class);
    }

    /** Births of RSA keys are slow, so the tests that only sign share one of each kind. */
    private static synchronized KeyHandle shared(KeySpec spec) throws TokenException {
        KeyHandle known = SHARED.get(spec);
        if (known == null) {
            known = key(spec);
            SHARED.put(spec, known);
        }
        return known;
    }

    private static KeyHandle key(KeySpec spec) throws TokenException {
        String name = spec + "-" + UUID.randomUUID();
        return token.generate(spec, name.getBytes(UTF_8), name);
    }
}
