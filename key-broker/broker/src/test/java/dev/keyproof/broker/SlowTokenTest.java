package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A token that takes its time. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowTokenTest {
    private static final int ITEMS = 256;

    private TestHome home;
    private RemovableModule module;
    private BrokerProcess broker;
    private String admin;
    private String app;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        module = RemovableModule.make(home.root());
        broker = home.set("keyproof.token.module", module.module().toString())
                .set("keyproof.token.read-back", "3s")
                .start();
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
    }

    @AfterEach
    void quick() throws IOException {
        module.giveBack();
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private String kek() throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM','purpose':'wrap'}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    /** Asks for many data keys at once, and does something while they are made. */
    private List<JsonNode> batch(String kek, Work meanwhile) throws Exception {
        module.set("S");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String items = String.join(",", Collections.nCopies(ITEMS, "{}"));
            Future<Reply> batch = threads.submit(
                    () -> broker.post("/v1/keys/" + kek + ":data-key", app, "{'items':[" + items + "]}"));
            await().until(module::holds);
            meanwhile.run();
            Reply reply = batch.get();
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            List<JsonNode> results = new ArrayList<>();
            reply.body().path("items").forEach(results::add);
            assertThat(results).hasSize(ITEMS);
            return results;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static int made(List<JsonNode> items, String problem) {
        int made = 0;
        while (made < items.size() && items.get(made).has("result")) {
            made++;
        }
        assertThat(items.subList(made, items.size()))
                .isNotEmpty()
                .allSatisfy(item ->
                        assertThat(item.path("problem").path("type").asText()).endsWith(problem));
        return made;
    }

    @Test
    void noDataKeyIsMadeAfterItsKekWasSuspended() throws Exception {
        String kek = kek();

        List<JsonNode> items = batch(
                kek,
                () -> assertThat(broker.post("/v1/keys/" + kek + ":disable", admin, "{}")
                                .status())
                        .isEqualTo(200));

        int made = made(items, "illegal-state");
        assertThat(made).isPositive();
        assertThat(home.select("SELECT count(*) FROM data_key WHERE kek = '" + kek + "'"))
                .isEqualTo(Integer.toString(made));
    }

    @Test
    void noDataKeyIsMadeAfterTheKillSwitch() throws Exception {
        String kek = kek();
        try {
            List<JsonNode> items = batch(
                    kek,
                    () -> assertThat(broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":true}")
                                    .status())
                            .isEqualTo(200));

            assertThat(made(items, "denied")).isPositive();
        } finally {
            broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":false}");
        }
    }

    @Test
    void aTokenThatDoesNotShowWhatItHoldsHoldsUpNothingElse() throws Exception {
        // Given
        String key = broker.post(
                        "/v1/keys",
                        admin,
                        "{'name':'k','algorithm':'AES_256_GCM','activates':'"
                                + Instant.now().plus(Duration.ofDays(1)) + "'}")
                .body()
                .path("id")
                .asText();

        // When: the look at the token waits, and then something is due
        module.set("W");
        await().atMost(Duration.ofSeconds(40)).until(module::holds);
        home.execute("UPDATE key SET activates = now(), revision = (SELECT revision + 1 FROM shared_state) WHERE id = '"
                + key + "'; UPDATE shared_state SET revision = revision + 1");

        // Then
        await().atMost(Duration.ofSeconds(20))
                .until(() -> broker.get("/v1/keys/" + key, admin)
                        .body()
                        .at("/key/state")
                        .asText()
                        .equals("active"));
    }
}
