package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another policy is put in place while the broker runs. */
@Tag("server")
class ReloadedPolicyTest {
    private static void put(TestHome home, Consumer<ObjectNode> change) throws Exception {
        Path inForce = home.root().resolve("parameters.json");
        Path kept = Files.copy(inForce, home.root().resolve("kept.json"), StandardCopyOption.REPLACE_EXISTING);
        home.policy(change);
        Path made = Files.move(inForce, home.root().resolve("made.json"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(kept, inForce);
        // As whoever deploys does it: whole or not at all.
        Files.move(made, inForce, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<JsonNode> records(TestHome home, String operation) throws Exception {
        return Records.of(home.journal()).of("service", operation);
    }

    @Test
    void itDecidesFromThenOnWithoutACallRefusedInBetween() throws Exception {
        try (TestHome home = TestHome.create().policy(parameters -> {});
                BrokerProcess broker = home.start()) {
            String admin = home.token("root", "administrator");
            String app = home.token("payments", "application");
            String auditor = home.token("visitor", "auditor");
            String key = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                    .body()
                    .path("id")
                    .asText();
            String path = "/v1/keys/" + key + ":encrypt";
            String body = "{'plaintext':'aGVsbG8='}";
            assertThat(broker.post(path, auditor, body).problem()).isEqualTo("denied");
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger calls = new AtomicInteger();
            CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> {
                int failed = 0;
                while (!done.get()) {
                    try {
                        failed += broker.post(path, app, body).status() == 200 ? 0 : 1;
                        calls.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
                return failed;
            });
            await().until(() -> calls.get() > 20);

            // When: auditors may encrypt
            put(home, parameters -> {
                parameters.withArray("/roles/auditor").add("Encrypt");
                ((ObjectNode) parameters.path("hats")).remove("auditor");
            });

            // Then
            Reply allowed = await().atMost(Duration.ofSeconds(60))
                    .until(() -> broker.post(path, auditor, body), reply -> reply.status() == 200);
            JsonNode changed = records(home, "ChangePolicy").getFirst();
            JsonNode detail = Records.keyproof(changed).path("detail");
            assertThat(detail.path("dataBefore").asText())
                    .isNotEqualTo(detail.path("data").asText());
            JsonNode decision = Records.keyproof(
                            Records.of(home.journal()).at(allowed.record().orElseThrow()))
                    .path("decision");
            assertThat(decision.path("data")).isEqualTo(detail.path("data"));

            // When: what cannot be policy
            put(home, parameters -> parameters.withObject("/quorums/DestroyKey").put("approvers", 0));

            // Then: the last one stays
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !records(home, "RefusePolicy").isEmpty());
            assertThat(records(home, "RefusePolicy").getFirst().toString()).contains("approvers");
            assertThat(broker.post(path, auditor, body).status()).isEqualTo(200);

            // When: the throttle is tight
            put(home, parameters -> {
                ((ObjectNode) parameters.path("throttle"))
                        .putObject("caller")
                        .put("perSecond", 1)
                        .put("burst", 1);
            });

            // Then: that holds as well
            done.set(true);
            assertThat(load.get()).as("of %s calls", calls).isZero();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> broker.post(path, app, body).status() == 429);
        }
    }
}
