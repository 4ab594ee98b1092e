package dev.keyproof.stream.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's rules come from a bundle that is verified, and change with it. */
@SuppressWarnings("try") // Flink's harness declares Exception on close
final class BundleRulesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    private final BundleSigner signer = signer();

    private static BundleSigner signer() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return BundleSigner.of(generator.generateKeyPair());
        } catch (NoSuchAlgorithmException | PolicyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PolicyBundle days(int days) throws PolicyException {
        String json = "{\"destruction\":{\"minimumDays\":" + days + "}}";
        return EffectivePolicy.of(
                        PolicyBundle.builtIn(), List.of(Overlay.of("own.json", json.getBytes(StandardCharsets.UTF_8))))
                .bundle();
    }

    private Path put(PolicyBundle bundle) throws Exception {
        Path made = Files.write(dir.resolve("made"), bundle.bytes());
        return Files.move(made, dir.resolve("bundle.tar.gz"), StandardCopyOption.REPLACE_EXISTING);
    }

    private BundleTrust trust() throws Exception {
        return BundleTrust.of(Files.writeString(dir.resolve("key.pem"), signer.verificationKey()), null, false);
    }

    private static void evaluate(Rules rules) {
        try {
            rules.evaluate(JsonNodeFactory.instance.objectNode());
        } catch (PolicyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digestAfter(Rules rules, String before) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (rules.policyDigest().equals(before) && System.nanoTime() < end) {
            evaluate(rules);
            Thread.onSpinWait();
        }
        return rules.policyDigest();
    }

    /** As it is sent to a task manager. */
    private static Rules.Source sent(Rules.Source source) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(source);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Rules.Source) in.readObject();
        }
    }

    @Test
    void anotherBundleTakesOver() throws Exception {
        PolicyBundle first = signer.sign(days(8));
        PolicyBundle second = signer.sign(days(9));
        Path file = put(first);

        try (Rules rules = sent(BundleRules.of(file, trust())).open()) {
            assertThat(rules.policyDigest()).isEqualTo(first.digest());

            put(second);

            assertThat(digestAfter(rules, first.digest())).isEqualTo(second.digest());
        }
    }

    @Test
    void oneThatNobodySignedDoesNot() throws Exception {
        PolicyBundle good = signer.sign(days(8));
        Path file = put(good);
        try (BundleWatch watch = new BundleWatch(file, trust())) {
            put(days(9));
            watch.look();
            assertThat(watch.take()).isNull();
            put(good);
            watch.look();
            assertThat(watch.take())
                    .isNotNull()
                    .satisfies(engine -> assertThat(engine.policyDigest()).isEqualTo(good.digest()));
            watch.look();
            assertThat(watch.take()).isNull();
        }
    }

    /** Without any event, by the first of the job's tasks alone, and once for each bundle. */
    @Test
    void oneThatNobodySignedIsAnAlert() throws Exception {
        PolicyBundle good = signer.sign(days(8));
        PolicyBundle bad = days(9);
        Rules.Source source = sent(BundleRules.of(put(good), trust()));
        try (var first = harness(source, 0);
                var second = harness(source, 1)) {
            first.open();
            second.open();

            put(bad);
            List<JsonNode> told = toldBy(first);

            assertThat(told).hasSize(1);
            assertThat(told.get(0).at("/finding_info/analytic/uid").asText()).isEqualTo("stream-policy-refused");
            assertThat(told.get(0).at("/unmapped/keyproof/detail/bundle").asText())
                    .isEqualTo(bad.digest());
            assertThat(told.get(0).path("message").asText()).contains("is not signed");
            second.setProcessingTime(10_000_000);
            assertThat(second.extractOutputValues()).isEmpty();
        }
        try (var again = harness(source, 0);
                var before = harness(source, 0)) {
            again.open();
            before.open();
            assertThat(toldBy(again).get(0).at("/finding_info/uid"))
                    .isEqualTo(toldBy(before).get(0).at("/finding_info/uid"));
        }
    }

    private static OneInputStreamOperatorTestHarness<KeyEvent, Emission> harness(Rules.Source source, int task)
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new RefusedBundles(source), 2, 2, task);
    }

    /** Time goes on until there is something. */
    private static List<JsonNode> toldBy(OneInputStreamOperatorTestHarness<KeyEvent, Emission> harness)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long now = 0; harness.extractOutputValues().isEmpty() && System.nanoTime() < end; now += 1_000) {
            harness.setProcessingTime(now);
            Thread.onSpinWait();
        }
        List<JsonNode> told = new ArrayList<>();
        for (Emission emission : harness.extractOutputValues()) {
            assertThat(emission.alert).isTrue();
            assertThat(OcsfSchema.violations(emission.value)).isEmpty();
            told.add(JsonMapper.builder().build().readTree(emission.value));
        }
        return told;
    }

    @Test
    void whatIsNotToBeTrustedIsNoRule() throws Exception {
        Path file = put(days(8));
        BundleTrust trust = trust();

        assertThatThrownBy(() -> BundleRules.of(file, trust)).hasMessageContaining("is not signed");
    }

    @Test
    void whereThereIsNoFileTheBytesOfTheJobHold() throws Exception {
        PolicyBundle first = signer.sign(days(8));
        Rules.Source source = BundleRules.of(put(first), trust());
        Files.delete(dir.resolve("bundle.tar.gz"));

        try (Rules rules = sent(source).open()) {
            evaluate(rules);
            assertThat(rules.policyDigest()).isEqualTo(first.digest());
        }
    }
}
