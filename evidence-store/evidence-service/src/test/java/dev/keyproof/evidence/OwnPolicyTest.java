package dev.keyproof.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.testing.ByHand;
import dev.keyproof.policy.BundleSigner;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation with its own parameters: one signed bundle by which brokers decide, evidence is read, and a pack proves. */
@Tag("server")
final class OwnPolicyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OVERLAY =
            "{\"quorums\":{\"DestroyKey\":{\"approvers\":3}},\"roles\":{\"reader\":[\"ReadState\"]}}";

    @TempDir
    private Path dir;

    private static BundleSigner signer() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return BundleSigner.of(generator.generateKeyPair());
    }

    private static EvidenceService service(Path config) throws Exception {
        return EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    /** One that the policy made, and one that somebody made of it. */
    private static List<UnaryOperator<String>> decisions(PolicyEngine engine) throws IOException {
        JsonNode input = new ObjectMapper()
                .readTree(
                        "{\"operation\":\"ListKeys\",\"killSwitch\":false,\"actor\":{\"id\":\"ann\",\"method\":\"token\","
                                + "\"roles\":[\"visitor\"]},\"request\":{\"source\":\"192.0.2.1\",\"batch\":1},"
                                + "\"time\":{\"epoch\":1795478400,\"rfc3339\":\"2026-11-24T00:00:00Z\",\"weekday\":\"tue\",\"hour\":0}}");
        Decision decision = engine.authorise(input);
        assertThat(decision.reasons()).containsExactly("role-not-permitted");
        String sealed = "\"input\":" + input + ",\"result\":" + decision.result();
        String bent = sealed.replace("role-not-permitted", "key-state");
        return Stream.of(sealed, bent)
                .<UnaryOperator<String>>map(made -> record ->
                        record.replace("\"input\":{},\"result\":{}", made).replace("\"allow\":true", "\"allow\":false"))
                .toList();
    }

    /** By the lines of the page and a tool of somebody else, as they stand and with another entry chosen. */
    private static void decidedAgain(Path pack, Path folder, String source) throws Exception {
        ByHand hand = ByHand.unpack(pack, folder);

        ByHand.Said same = hand.run(hand.decisions());
        assertThat(same.exit()).as(same.out()).isZero();

        String chosen = hand.decisions().replace("which='\"decision\":{\"'", "which='\"" + source + "-0\"'");
        assertThat(chosen).isNotEqualTo(hand.decisions());
        assertThat(hand.run(chosen).exit()).isZero();
        assertThat(hand.run(chosen.replace("-0\"'", "-1\"'")).exit()).isNotZero();
        assertThat(hand.run(chosen.replace("-0\"'", "-none\"'")).exit()).isNotZero();
    }

    private void replace(Path bundle, byte[] bytes) throws IOException {
        Path made = Files.write(dir.resolve("made"), bytes);
        Files.move(made, bundle, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path config(TestingHouse house, Path home, Path bundle, Path key) throws IOException {
        Path config = house.config(home);
        return Files.writeString(
                config,
                Files.readString(config)
                        .replace(house.dir.resolve("bundle.tar.gz").toString(), bundle.toString())
                        .replace(house.access().toString(), bundle.toString())
                        .replace("policySignature: {unsigned: true}", "policySignature: {key: " + key + "}"));
    }

    @Test
    void anInstallationWithItsOwnValuesProvesThem(@TempDir Path home, @TempDir Path other) throws Exception {
        BundleSigner signer = signer();
        PolicyBundle own = signer.sign(EffectivePolicy.of(
                        PolicyBundle.builtIn(),
                        List.of(Overlay.of("own.json", OVERLAY.getBytes(StandardCharsets.UTF_8))))
                .bundle());
        Path bundle = Files.write(dir.resolve("own.tar.gz"), own.bytes());
        Path key = Files.writeString(dir.resolve("policy.pem"), signer.verificationKey());
        // The digests are those that a broker writes down.
        PolicyEngine broker = PolicyEngine.load(own);
        try (TestingHouse house = new TestingHouse(dir);
                TestingJournal journal = new TestingJournal(
                        dir.resolve("journals"), "own", broker.policyDigest(), broker.dataDigest())) {
            Files.writeString(house.journalKeys(), journal.vkey() + "\n");
            try (EvidenceService service = service(config(house, home, bundle, key))) {
                house.kafka.send("key-events", "K1", journal.append(decisions(broker), "run"));
                house.kafka.send("key-events", "K1", journal.append(8, "run"));
                house.kafka.send(
                        "attestations",
                        journal.source(),
                        List.of(journal.head().note().bytes()));
                await().atMost(PATIENCE).until(() -> house.attested(service, journal.source()) == 10);
                assertThat(house.status(service.port(), "/v1/state", "reader"))
                        .as("who may read is its own as well")
                        .isEqualTo(200);

                JsonNode built = house.post(service.port(), "/v1/packs", "{}");

                assertThat(built.path("verified").asBoolean()).as("%s", built).isTrue();
                TestingHouse.proven(built);
                byte[] carried = TestingZip.file(
                        Files.readAllBytes(Path.of(built.path("pack").asText())),
                        "policy/" + own.digest().replace("sha256:", "") + ".tar.gz");
                assertThat(carried).isEqualTo(own.bytes());
                BundleTrust.of(key, "RS256", false).check(carried);
                decidedAgain(Path.of(built.path("pack").asText()), dir.resolve("unpacked"), journal.source());
                JsonNode ofKey = house.post(service.port(), "/v1/packs", "{\"key\":\"K1\"}");
                decidedAgain(Path.of(ofKey.path("pack").asText()), dir.resolve("of-key"), journal.source());

                // One that nobody signed changes nothing, and is told.
                assertThat(house.get(service.port(), "/v1/state")
                                .path("policiesRefused")
                                .asLong())
                        .isZero();
                long findings =
                        house.get(service.port(), "/v1/state").path("findings").asLong();
                replace(bundle, PolicyBundle.builtIn().bytes());
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("policiesRefused")
                                        .asLong()
                                == 1);
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("findings")
                                        .asLong()
                                > findings);
                replace(bundle, own.bytes());
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("policiesRefused")
                                        .asLong()
                                == 0);
            }

            // Whose bundle another key signed does not start.
            Path wrong = Files.writeString(dir.resolve("wrong.pem"), signer().verificationKey());
            Path config = config(house, other, bundle, wrong);
            assertThatThrownBy(() -> service(config))
                    .isInstanceOf(EvidenceException.class)
                    .hasMessageContaining("not by the configured key");
        }
    }
}
