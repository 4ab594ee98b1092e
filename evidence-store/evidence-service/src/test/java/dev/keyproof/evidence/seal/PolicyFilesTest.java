package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.verify.testing.TestingPack;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies are kept as they were at the start and as they come. */
class PolicyFilesTest {
    @TempDir
    private Path dir;

    private final OwnFindings findings = new OwnFindings();
    private final RefusedPolicies refused =
            new RefusedPolicies(() -> "log.example/2026", findings, () -> Instant.parse("2026-11-27T12:00:00Z"));

    private PolicyFiles unsigned(Path... bundles) throws Exception {
        return new PolicyFiles(List.of(bundles), BundleTrust.of(null, null, true), refused);
    }

    @Test
    void whatIsPutInPlaceLaterIsReadOnce() throws Exception {
        byte[] first = noticed(30);
        byte[] other = noticed(31);
        byte[] another = noticed(32);
        Path bundle = Files.write(dir.resolve("bundle.tar.gz"), first);
        Path more = Files.write(dir.resolve("more.tar.gz"), other);
        PolicyFiles files = unsigned(bundle, more);

        assertThat(files.changed()).containsExactly(first, other);
        assertThat(files.changed()).isEmpty();

        Files.write(bundle, another);
        assertThat(files.inForce()).containsExactly(another, other);
        assertThat(files.changed()).containsExactly(another);
        assertThat(files.changed()).isEmpty();

        files.again();
        assertThat(files.changed()).contains(another);
        assertThat(files.changed()).isEmpty();
    }

    /** No broker decides by it; the last that one would decide by stays in force. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
            '"noticeDays":30', '"noticeDays": 0', noticeDays
            '"months":72}',    '"months": 0}',    months
            '"approvers":2',   '"approvers":0',   approvers
            """)
    void whatIsOutOfBoundsIsNotTaken(String sound, String unbounded, String parameter) throws Exception {
        byte[] good = noticed(30);
        Path bundle = Files.write(dir.resolve("bundle.tar.gz"), good);
        PolicyFiles files = unsigned(bundle);
        assertThat(files.changed()).containsExactly(good);

        byte[] bad = changed(good, sound, unbounded);
        Files.write(bundle, bad);

        assertThat(files.changed()).isEmpty();
        assertThat(files.inForce()).containsExactly(good);
        assertThat(refused.standing()).isEqualTo(1);
        JsonNode finding =
                new ObjectMapper().readTree(findings.next().orElseThrow().bytes());
        assertThat(finding.at("/finding_info/analytic/uid").asText()).isEqualTo("keyproof-log-policy-refused");
        assertThat(finding.path("is_alert").asBoolean()).isTrue();
        assertThat(finding.path("message").asText()).contains("policy parameters are out of bounds", parameter);
        assertThat(finding.at("/unmapped/keyproof/detail/bundle").asText())
                .isEqualTo(PolicyBundle.of(bad).digest());

        Files.write(bundle, good);
        assertThat(files.inForce()).containsExactly(good);
        assertThat(refused.standing()).isZero();
    }

    @Test
    void whatDecidesNothingIsNotTaken() throws Exception {
        Path bundle = Files.write(dir.resolve("bundle.tar.gz"), TestingPack.policy("{\"keyproof\":{}}"));
        PolicyFiles files = unsigned(bundle);

        assertThat(files.changed()).isEmpty();
        assertThat(files.inForce()).isEmpty();
        assertThat(refused.standing()).isEqualTo(1);
    }

    /** The last that was to be trusted stays in force. */
    @Test
    void whatNobodySignedIsNotTaken() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        BundleSigner signer = BundleSigner.of(generator.generateKeyPair());
        Path key = Files.writeString(dir.resolve("key.pem"), signer.verificationKey());
        byte[] signed = signer.sign(PolicyBundle.builtIn()).bytes();
        Path bundle = Files.write(dir.resolve("bundle.tar.gz"), signed);
        PolicyFiles files = new PolicyFiles(List.of(bundle), BundleTrust.of(key, "RS256", false), refused);
        assertThat(files.changed()).containsExactly(signed);

        assertThat(findings.next()).isEmpty();
        byte[] unsigned = PolicyBundle.builtIn().bytes();
        Files.write(bundle, unsigned);

        assertThat(files.changed()).isEmpty();
        assertThat(files.inForce()).containsExactly(signed);
        JsonNode finding =
                new ObjectMapper().readTree(findings.next().orElseThrow().bytes());
        assertThat(OcsfSchema.violations(new ObjectMapper().writeValueAsBytes(finding)))
                .isEmpty();
        assertThat(finding.at("/finding_info/analytic/uid").asText()).isEqualTo("keyproof-log-policy-refused");
        assertThat(finding.path("is_alert").asBoolean()).isTrue();
        assertThat(finding.path("message").asText()).contains("is not signed");
        assertThat(finding.at("/unmapped/keyproof/detail/bundle").asText())
                .isEqualTo(PolicyBundle.of(unsigned).digest());
        assertThat(findings.next()).isEmpty();
        assertThat(refused.standing()).isEqualTo(1);

        // The same bundle is the same finding.
        Files.write(bundle, signed);
        files.inForce();
        assertThat(refused.standing()).isZero();
        Files.write(bundle, unsigned);
        files.inForce();
        assertThat(findings.next().orElseThrow().uid())
                .isEqualTo(finding.at("/finding_info/uid").asText());
    }

    /** Whoever writes a file in place shows it half written to whoever reads it at that moment. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":", "[]", "1", "null"})
    void dataThatIsNoWholeObjectIsNoPolicy(String half) {
        byte[] bundle = TestingPack.policy(half);

        assertThatThrownBy(() -> dev.keyproof.verify.PolicyBundle.read(bundle)).isInstanceOf(IOException.class);
    }

    @Test
    void whatCannotBeReadIsTriedAgain() throws Exception {
        Path bundle = dir.resolve("bundle.tar.gz");
        PolicyFiles files = unsigned(bundle);
        assertThatThrownBy(files::changed).isInstanceOf(EvidenceException.class);

        byte[] there = noticed(30);
        Files.write(bundle, there);

        assertThat(files.changed()).containsExactly(there);
    }

    /** The packs, which say how many days before its end a year's log is announced. */
    private static byte[] noticed(int days) throws Exception {
        String overlay = "{\"retention\":{\"noticeDays\":" + days + "}}";
        return EffectivePolicy.of(
                        PolicyBundle.builtIn(),
                        List.of(Overlay.of("own.json", overlay.getBytes(StandardCharsets.UTF_8))))
                .bundle()
                .bytes();
    }

    /** The bundle with other text of the same length, which whoever packs it by other means than ours can put there. */
    private static byte[] changed(byte[] bundle, String from, String to) throws IOException {
        assertThat(to).hasSameSizeAs(from);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bundle));
                GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            String archive = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(archive).contains(from);
            gzip.write(archive.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }
}
