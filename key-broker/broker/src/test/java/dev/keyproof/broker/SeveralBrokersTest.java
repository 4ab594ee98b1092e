package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three brokers on one database and one token. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralBrokersTest {
    private static final String ENCRYPT = "{'plaintext':'aGVsbG8='}";

    private final List<BrokerProcess> brokers = new ArrayList<>();
    private TestHome home;
    private String admin;
    private String app;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create()
                .set("keyproof.peers", "broker-1,broker-2,broker-3")
                .set("keyproof.token.read-back", "3s");
        for (int i = 1; i <= 3; i++) {
            brokers.add(home.set("keyproof.source", "broker-" + i).start());
        }
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
    }

    @AfterAll
    void stop() throws Exception {
        brokers.forEach(BrokerProcess::close);
        home.close();
    }

    /** A call that began at some time and was answered with success. */
    private record Success(long began) {}

    private String key(String more) throws Exception {
        String key = brokers.getFirst()
                .post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'" + more + "}")
                .body()
                .path("id")
                .asText();
        for (BrokerProcess broker : brokers) {
            await().until(() -> broker.get("/v1/keys/" + key, admin).status() == 200);
        }
        return key;
    }

    /** Calls all brokers without pause while the work is done; what succeeded, by the moment it began. */
    private Queue<Success> under(Load call, Work work) throws Exception {
        Queue<Success> successes = new ConcurrentLinkedQueue<>();
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (BrokerProcess broker : brokers) {
                callers.add(threads.submit(() -> {
                    while (going.get()) {
                        long began = System.nanoTime();
                        if (call.call(broker).status() == 200) {
                            successes.add(new Success(began));
                        }
                        calls.incrementAndGet();
                    }
                    return null;
                }));
            }
            await().until(() -> calls.get() > 100);
            work.run();
            int then = calls.get();
            await().until(() -> calls.get() > then + 100);
            going.set(false);
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        return successes;
    }

    @FunctionalInterface
    private interface Load {
        Reply call(BrokerProcess broker) throws Exception;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @Test
    void whatAnotherBrokerHadBornIsKnownAndNothingElse() throws Exception {
        for (BrokerProcess broker : brokers) {
            Reply made = broker.post("/v1/keys", admin, "{'name':'r','algorithm':'EC_P256','residence':'resident'}");
            assertThat(made.status()).as("%s", made).isEqualTo(201);
        }

        Intruder.run(home, "make", "stranger");

        await().atMost(Duration.ofSeconds(90)).until(() -> !tampered().isEmpty());
        assertThat(tampered()).containsOnly("stranger: nobody ordered it");
    }

    private List<String> tampered() throws Exception {
        List<String> told = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            for (JsonNode event :
                    Records.of(home.journal().resolveSibling("broker-" + i)).of("service", "DeviceTampered")) {
                JsonNode detail = Records.keyproof(event).path("detail");
                told.add(detail.path("label").asText() + ": "
                        + detail.path("difference").asText());
            }
        }
        return told;
    }

    @Test
    void onceTheKillSwitchIsAnsweredNoBrokerProtectsAnything() throws Exception {
        String key = key("");
        long[] answered = new long[2];

        Queue<Success> successes = under(broker -> broker.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT), () -> {
            long asked = System.nanoTime();
            Reply turned = brokers.getFirst().call("PUT", "/v1/kill-switch", admin, "{\"on\":true}");
            answered[0] = System.nanoTime();
            answered[1] = answered[0] - asked;
            assertThat(turned.status()).as("%s", turned).isEqualTo(200);
            assertThat(turned.body().path("wayBack").asText()).contains("/v1/kill-switch");
        });

        assertThat(successes).isNotEmpty().noneMatch(success -> success.began() - answered[0] > 0);
        System.out.printf("kill switch over three brokers: answered after %d ms%n", answered[1] / 1_000_000);
        String unlock = home.approved(
                brokers.getLast(), "{'operation':'SetKillSwitch','change':'CHG-9','parameters':{'on':false}}");
        assertThat(brokers.getLast()
                        .call("PUT", "/v1/kill-switch", admin, "{\"on\":false,\"approval\":\"" + unlock + "\"}")
                        .status())
                .isEqualTo(200);
        for (BrokerProcess broker : brokers) {
            await().until(() ->
                    broker.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT).status() == 200);
        }
    }

    @Test
    void onceADisablingIsAnsweredNoBrokerUsesTheKey() throws Exception {
        String key = key("");
        long[] answered = new long[1];

        Queue<Success> successes = under(broker -> broker.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT), () -> {
            assertThat(brokers.get(1)
                            .post("/v1/keys/" + key + ":disable", admin, "{}")
                            .status())
                    .isEqualTo(200);
            answered[0] = System.nanoTime();
        });

        assertThat(successes).isNotEmpty().noneMatch(success -> success.began() - answered[0] > 0);
    }

    @Test
    void theLimitOfAVersionHoldsOverAllBrokers() throws Exception {
        String key = key(",'usageLimit':500");

        under(
                broker -> broker.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT),
                () -> await().until(() -> brokers.getFirst()
                                .get("/v1/keys/" + key, admin)
                                .body()
                                .path("key")
                                .path("version")
                                .asInt()
                        > 1));

        long first = 0;
        for (int i = 1; i <= 3; i++) {
            Path journal = home.root().resolve("journal").resolve("broker-" + i);
            for (JsonNode event : Records.of(journal).of("operation", "Encrypt")) {
                JsonNode resource = event.path("resources").path(0);
                if (event.path("status_id").asInt() == 1
                        && resource.path("uid").asText().equals(key)
                        && resource.path("version").asText().equals("1")) {
                    first++;
                }
            }
        }
        assertThat(first).isBetween(400L, 500L);
    }

    @Test
    void aBrokerThatIsKilledAmidAMoveLosesNoDataKeyAndAnotherGoesOn() throws Exception {
        String kek = key(",'purpose':'wrap'");
        List<JsonNode> made = new ArrayList<>();
        String item = "{'context':{'file':'1'},'withoutPlaintext':false}";
        for (int batch = 0; batch < 6; batch++) {
            brokers.get(1)
                    .post(
                            "/v1/keys/" + kek + ":data-key",
                            app,
                            "{'items':[" + String.join(",", java.util.Collections.nCopies(250, item)) + "]}")
                    .body()
                    .path("items")
                    .forEach(one -> made.add(one.path("result")));
        }
        assertThat(made).hasSize(1500);

        assertThat(brokers.get(1)
                        .post("/v1/keys/" + kek + ":rotate", admin, "{}")
                        .status())
                .isEqualTo(200);
        String holder = home.select("SELECT holder FROM duty");
        await().until(() -> move(kek).path("moved").asInt() > 200);
        int duty = Integer.parseInt(holder.substring("broker-".length())) - 1;
        brokers.get(duty).kill();
        int movedThen = move(kek, duty).path("moved").asInt();
        assertThat(movedThen).isLessThan(1500);
        brokers.set(duty, home.set("keyproof.source", holder).start());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> move(kek).path("ended").isTextual());

        assertThat(move(kek).path("moved").asInt()).isEqualTo(1500);
        for (int i = 0; i < made.size(); i += 101) {
            assertThat(brokers.get(2)
                            .post(
                                    "/v1/keys/" + kek + ":decrypt",
                                    app,
                                    "{'dataKey':'" + made.get(i).path("dataKey").asText() + "','context':{'file':'1'}}")
                            .body()
                            .path("plaintext")
                            .asText())
                    .isEqualTo(made.get(i).path("plaintext").asText());
        }
    }

    private JsonNode move(String kek) throws Exception {
        return move(kek, -1);
    }

    private JsonNode move(String kek, int but) throws Exception {
        return brokers.get(but == 0 ? 1 : 0)
                .get("/v1/keys/" + kek + "/re-wrap", admin)
                .body();
    }
}
