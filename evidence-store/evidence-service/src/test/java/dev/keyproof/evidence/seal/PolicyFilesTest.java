package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        Path bundle = Files.writeString(dir.resolve("bundle.tar.gz"), "first");
        Path more = Files.writeString(dir.resolve("more.tar.gz"), "more");
        PolicyFiles files = unsigned(bundle, more);

        assertThat(files.changed()).extracting(String::new).containsExactly("first", "more");
        assertThat(files.changed()).isEmpty();

        Files.writeString(bundle, "another");
        assertThat(files.inForce()).extracting(String::new).containsExactly("another", "more");
        assertThat(files.changed()).extracting(String::new).containsExactly("another");
        assertThat(files.changed()).isEmpty();

        files.again();
        assertThat(files.changed()).extracting(String::new).contains("another");
        assertThat(files.changed()).isEmpty();
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

        Files.writeString(bundle, "there");

        assertThat(files.changed()).hasSize(1);
    }
}
