package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bundles are signed as opa signs them, and only those of the configured key are taken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BundleSignatureTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path dir = Path.of("");
    private KeyPair pair;
    private BundleSigner signer;
    private PolicyBundle signed;
    private BundleTrust trust;

    @BeforeAll
    void sign(@TempDir Path folder) throws Exception {
        dir = folder;
        pair = pair("RSA", 2048);
        signer = BundleSigner.of(pair);
        // Values that opa and Java could write differently.
        Overlay own = EffectivePolicyTest.overlay("own.json", "{'persons':{'J. \\u2028 <é😀&>':['a']}}");
        signed = signer.sign(
                EffectivePolicy.of(PolicyBundle.builtIn(), List.of(own)).bundle());
        trust = BundleTrust.of(key("pinned.pem", signer), "RS256", false);
    }

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private Path key(String name, BundleSigner of) throws IOException {
        return Files.writeString(dir.resolve(name), of.verificationKey());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private SortedMap<String, byte[]> files() throws IOException {
        return new TreeMap<>(TarReader.files(signed.bytes()));
    }

    private void refused(Map<String, byte[]> files, String why) throws IOException {
        byte[] bytes = TarWriter.archive(new TreeMap<>(files));
        assertThatThrownBy(() -> trust.check(bytes))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatTheKeySignedIsTaken() throws Exception {
        Path file = Files.write(dir.resolve("bundle.tar.gz"), signed.bytes());

        assertThat(trust.read(file).digest()).isEqualTo(signed.digest());
        assertThat(trust.recorded()).startsWith("RS256 sha256:");
        assertThat(signer.sign(signed).bytes()).as("signed again").isEqualTo(signed.bytes());
        PolicyEngine.load(signed);
    }

    @Test
    void opaVerifiesIt() throws Exception {
        Path file = Files.write(dir.resolve("for-opa.tar.gz"), signed.bytes());
        Path other = key("other.pem", BundleSigner.of(pair("RSA", 2048)));

        opa(
                "build",
                "--bundle",
                file.toString(),
                "--verification-key",
                dir.resolve("pinned.pem").toString());

        assertThatThrownBy(() -> opa("build", "--bundle", file.toString(), "--verification-key", other.toString()))
                .hasMessageContaining("verif");
    }

    @Test
    void whatOpaSignedIsTaken() throws Exception {
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            KeyPair own = algorithm == SigningAlgorithm.RS256 ? pair : pair("EC", 256);
            Path folder = Files.createDirectories(dir.resolve("signed-by-opa-" + algorithm));
            SortedMap<String, byte[]> files = files();
            files.remove(BundleSignature.FILE);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            Path key = Files.writeString(
                    dir.resolve(algorithm + ".key"),
                    pem("PRIVATE KEY", own.getPrivate().getEncoded()));
            RealOpa.run(
                    dir.resolve("said"),
                    folder,
                    RealOpa.program(),
                    "sign",
                    "--signing-alg",
                    algorithm.name(),
                    "--signing-key",
                    key.toString(),
                    "--bundle",
                    ".");
            files.put(BundleSignature.FILE, Files.readAllBytes(folder.resolve(BundleSignature.FILE)));
            Path pinned = Files.writeString(
                    dir.resolve(algorithm + ".pem"),
                    pem("PUBLIC KEY", own.getPublic().getEncoded()));

            BundleTrust.of(pinned, algorithm.name(), false).check(TarWriter.archive(files));
        }
    }

    private void opa(String... words) throws Exception {
        String[] command = new String[words.length + 3];
        command[0] = RealOpa.program();
        System.arraycopy(words, 0, command, 1, words.length);
        command[words.length + 1] = "--output";
        command[words.length + 2] = dir.resolve("opa-out.tar.gz").toString();
        RealOpa.run(dir.resolve("said"), dir, command);
    }

    @Test
    void everyFileIsHeldByTheSignature() throws Exception {
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            String name = file.getKey();
            SortedMap<String, byte[]> flipped = files();
            byte[] content = file.getValue().clone();
            content[content.length / 2] ^= 1;
            flipped.put(name, content);
            refused(flipped, "policy bundle");

            SortedMap<String, byte[]> missing = files();
            missing.remove(name);
            refused(missing, name.equals(BundleSignature.FILE) ? "is not signed" : "lacks what was signed: " + name);
        }
    }

    @Test
    void aFileMoreIsRefused() throws Exception {
        SortedMap<String, byte[]> more = files();
        more.put("authz/more.rego", new byte[0]);

        refused(more, "does not list authz/more.rego");
    }

    /** A reader that stops elsewhere would see other files. */
    @Test
    void whatHidesBehindTheEndIsRefused() throws Exception {
        byte[] tar;
        try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(signed.bytes()))) {
            tar = in.readAllBytes();
        }
        java.io.ByteArrayOutputStream twice = new java.io.ByteArrayOutputStream();
        try (var out = new java.util.zip.GZIPOutputStream(twice)) {
            out.write(tar);
            out.write(tar);
        }

        assertThatThrownBy(() -> PolicyBundle.of(twice.toByteArray())).hasMessageContaining("more behind its end");
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        PolicyBundle others = BundleSigner.of(pair("RSA", 2048)).sign(signed);

        assertThatThrownBy(() -> trust.check(others.bytes()))
                .hasMessage("policy bundle's signature is not by the configured key");
    }

    @Test
    void theBundleCannotChooseItsAlgorithm() throws Exception {
        for (String header : List.of(
                "{'alg':'none'}",
                "{'alg':'HS256'}",
                "{'alg':'ES256'}",
                "{'alg':'PS256'}",
                "{}",
                "{'alg':'RS256','crit':['b64']}")) {
            refused(withHeader(header), header.contains("crit") ? "crit" : "not by RS256 as configured");
        }
        PolicyBundle unsigned = PolicyBundle.builtIn();
        assertThatThrownBy(() -> trust.check(unsigned.bytes())).hasMessageContaining("is not signed");
    }

    private Map<String, byte[]> withHeader(String header) throws IOException {
        SortedMap<String, byte[]> files = files();
        String jws = JSON.readTree(files.get(BundleSignature.FILE))
                .at("/signatures/0")
                .asText();
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        put(files, other + jws.substring(jws.indexOf('.')));
        return files;
    }

    private static void put(Map<String, byte[]> files, String... jws) throws IOException {
        ObjectNode content = JSON.createObjectNode();
        for (String one : jws) {
            content.withArray("/signatures").add(one);
        }
        files.put(BundleSignature.FILE, JSON.writeValueAsBytes(content));
    }

    @Test
    void oneSignatureIsAskedFor() throws Exception {
        SortedMap<String, byte[]> files = files();
        String jws = JSON.readTree(files.get(BundleSignature.FILE))
                .at("/signatures/0")
                .asText();
        put(files, jws, jws);
        refused(files, "2 signatures, not one");
        put(files);
        refused(files, "0 signatures, not one");
        put(files, "a.b");
        refused(files, "no JWS in compact form");
    }

    /** Signed by the right key, and yet not a list of these files by SHA-256. */
    @Test
    void whatIsListedOtherwiseIsRefused() throws Exception {
        SortedMap<String, byte[]> files = files();
        files.remove(BundleSignature.FILE);
        Map<String, String> faults = new HashMap<>();
        faults.put("{'name':'data.json','hash':'00','algorithm':'MD5'}", "no SHA-256");
        faults.put("{'name':'data.json','hash':'00','algorithm':'SHA-256'}", "does not list .manifest");
        faults.put(
                "{'name':'a','hash':'00','algorithm':'SHA-256'},{'name':'a','hash':'00','algorithm':'SHA-256'}",
                "lists a twice");
        for (Map.Entry<String, String> fault : faults.entrySet()) {
            TreeMap<String, byte[]> faulty = new TreeMap<>(files);
            put(faulty, jws("{\"files\":[" + fault.getKey().replace('\'', '"') + "]}", pair.getPrivate()));
            refused(faulty, fault.getValue());
        }
    }

    private static String jws(String payload, PrivateKey key) throws Exception {
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        String signed = url.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + url.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        java.security.Signature signature = java.security.Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + url.encodeToString(signature.sign());
    }

    @Test
    void withoutAKeyNoFileIsTakenUnlessThatIsSaid() throws Exception {
        BundleTrust none = BundleTrust.of(null, null, false);
        BundleTrust any = BundleTrust.of(null, null, true);

        assertThatThrownBy(() -> none.check(signed.bytes())).hasMessageContaining("no key is configured");
        any.check(PolicyBundle.builtIn().bytes());
        assertThat(any.recorded()).isEqualTo("unsigned");
    }

    @Test
    void aConfigurationThatContradictsItselfIsRefused() throws Exception {
        Path key = dir.resolve("pinned.pem");
        Path small = Files.writeString(
                dir.resolve("small.pem"),
                pem("PUBLIC KEY", pair("RSA", 1024).getPublic().getEncoded()));
        Path curve = Files.writeString(
                dir.resolve("curve.pem"),
                pem("PUBLIC KEY", pair("EC", 384).getPublic().getEncoded()));

        assertThatThrownBy(() -> BundleTrust.of(key, null, true)).hasMessageContaining("say one of them");
        assertThatThrownBy(() -> BundleTrust.of(key, "HS256", false)).hasMessageContaining("none of [RS256, ES256]");
        assertThatThrownBy(() -> BundleTrust.of(key, "ES256", false)).hasMessageContaining("no public key for ES256");
        assertThatThrownBy(() -> BundleTrust.of(small, null, false)).hasMessageContaining("less than 2048 bits");
        assertThatThrownBy(() -> BundleTrust.of(curve, "ES256", false)).hasMessageContaining("another curve");
        assertThatThrownBy(() -> BundleTrust.of(dir.resolve("none.pem"), null, false))
                .hasMessageContaining("no public key");
    }

    @Test
    void aSigningKeyIsReadFromPemAndNeverTold() throws Exception {
        String pem = pem("PRIVATE KEY", pair.getPrivate().getEncoded());

        assertThat(BundleSigner.of(pem).verificationKey()).isEqualTo(signer.verificationKey());
        assertThatThrownBy(() -> BundleSigner.of(pem.replace("MII", "MIX")))
                .hasMessage("policy's signing key is no RSA key in PEM (PKCS #8, BEGIN PRIVATE KEY)")
                .hasNoCause();
    }
}
