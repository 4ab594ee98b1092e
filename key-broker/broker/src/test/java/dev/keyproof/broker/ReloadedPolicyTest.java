package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another policy is put in place while the broker runs. */
@Tag("server")
class ReloadedPolicyTest {
    private static final String ENCRYPT = "{'plaintext':'aGVsbG8='}";

    private static List<JsonNode> records(TestHome home, String operation) throws Exception {
        return Records.of(home.journal()).of("service", operation);
    }

    /** Calls until it is done; gives how many calls were not allowed. */
    private static CompletableFuture<Integer> busy(
            BrokerProcess broker, String path, String token, AtomicBoolean done, AtomicInteger calls) {
        return CompletableFuture.supplyAsync(
                () -> {
                    int failed = 0;
                    while (!done.get()) {
                        try {
                            failed += broker.post(path, token, ENCRYPT).status() == 200 ? 0 : 1;
                            calls.incrementAndGet();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return failed;
                },
                runnable -> Thread.ofPlatform().daemon().start(runnable));
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
            assertThat(broker.post(path, auditor, ENCRYPT).problem()).isEqualTo("denied");
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger calls = new AtomicInteger();
            List<CompletableFuture<Integer>> callers =
                    List.of(busy(broker, path, app, done, calls), busy(broker, path, app, done, calls));
            await().until(() -> calls.get() > 20);

            // When: auditors may encrypt
            TestPolicy.install(home.root(), parameters -> {
                parameters.withArray("/roles/auditor").add("Encrypt");
                ((ObjectNode) parameters.path("hats")).remove("auditor");
            });

            // Then
            Reply allowed = await().atMost(Duration.ofSeconds(60))
                    .until(() -> broker.post(path, auditor, ENCRYPT), reply -> reply.status() == 200);
            JsonNode changed = records(home, "ChangePolicy").getFirst();
            JsonNode detail = Records.keyproof(changed).path("detail");
            assertThat(detail.path("dataBefore").asText())
                    .isNotEqualTo(detail.path("data").asText());
            JsonNode decision = Records.keyproof(
                            Records.of(home.journal()).at(allowed.record().orElseThrow()))
                    .path("decision");
            assertThat(decision.path("data")).isEqualTo(detail.path("data"));

            // When: what the broker cannot go by
            TestPolicy.install(home.root(), parameters -> {
                ObjectNode persons = parameters.withObject("/persons");
                persons.putArray("one").add("same");
                persons.putArray("other").add("same");
            });

            // Then: the last one stays
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> records(home, "RefusePolicy").size() == 1);
            assertThat(records(home, "RefusePolicy").getLast().toString()).contains("same");
            assertThat(broker.post(path, auditor, ENCRYPT).status()).isEqualTo(200);

            // When: nobody signed it
            TestPolicy.put(
                    home.root(),
                    TestPolicy.of(parameters ->
                                    parameters.withArray("/roles/visitor").add("DestroyKey"))
                            .bytes());

            // Then: so it does
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> records(home, "RefusePolicy").size() == 2);
            assertThat(records(home, "RefusePolicy").getLast().toString()).contains("is not signed");
            assertThat(broker.post(path, auditor, ENCRYPT).status()).isEqualTo(200);

            // Then: none of the callers was refused meanwhile
            done.set(true);
            for (CompletableFuture<Integer> caller : callers) {
                assertThat(caller.get()).as("of %s calls", calls).isZero();
            }

            // When: the throttle is tight
            TestPolicy.install(home.root(), parameters -> {
                ((ObjectNode) parameters.path("throttle"))
                        .putObject("caller")
                        .put("perSecond", 1)
                        .put("burst", 1);
            });

            // Then: that holds as well
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> broker.post(path, app, ENCRYPT).status() == 429);
        }
    }

    @Test
    void anUnsignedFileIsRefusedUnlessThatIsSaidAndThenItIsOnTheRecord() throws Exception {
        try (TestHome home = TestHome.create().policy(parameters -> {})) {
            try (BrokerProcess _ = home.start()) {
                assertThat(signature(home, 1)).startsWith("RS256 sha256:");
            }
            TestPolicy.put(home.root(), TestPolicy.of(parameters -> {}).bytes());

            assertThatThrownBy(home::start).hasMessageContaining("keyproof.policy: policy bundle is not signed");

            Map<String, String> settings = new HashMap<>(home.settings());
            settings.remove("keyproof.policy.key");
            home.restore(settings);
            home.set("keyproof.policy.unsigned", "true");
            try (BrokerProcess _ = home.start()) {
                assertThat(signature(home, 2)).isEqualTo("unsigned");
            }
        }
    }

    @Test
    void whatIsInForceMayBePutBackAfterARefusalAndThatIsOnTheRecord() throws Exception {
        try (TestHome home = TestHome.create().policy(parameters -> {})) {
            try (BrokerProcess _ = home.start()) {
                TestPolicy.put(home.root(), TestPolicy.of(parameters -> {}).bytes());
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> records(home, "RefusePolicy").size() == 1);
                assertThat(records(home, "RestorePolicy")).isEmpty();

                TestPolicy.install(home.root(), parameters -> {});

                await().atMost(Duration.ofSeconds(60))
                        .until(() -> records(home, "RestorePolicy").size() == 1);
                assertThat(Records.keyproof(records(home, "RestorePolicy").getFirst())
                                .at("/detail/policy"))
                        .isEqualTo(Records.keyproof(records(home, "StartBroker").getFirst())
                                .at("/detail/policy"));
            }
            assertThat(records(home, "ChangePolicy")).isEmpty();
        }
    }

    private static String signature(TestHome home, int start) throws Exception {
        List<JsonNode> started = records(home, "StartBroker");
        assertThat(started).hasSize(start);
        return Records.keyproof(started.getLast())
                .path("detail")
                .path("policySignature")
                .asText();
    }
}
