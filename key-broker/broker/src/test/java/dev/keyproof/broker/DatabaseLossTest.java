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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What brokers do when their database hangs, dies, or is not what it was. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseLossTest {
    private static final String ENCRYPT = "{'plaintext':'aGVsbG8='}";
    private static final long LEASE_MS = 500;

    private final List<BrokerProcess> brokers = new ArrayList<>();
    private TestHome home;
    private PostgresServer postgres;
    private String admin;
    private String app;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create().set("keyproof.peers", "broker-1,broker-2");
        postgres = home.postgres();
        for (int i = 1; i <= 2; i++) {
            brokers.add(home.set("keyproof.source", "broker-" + i).start());
        }
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
        key = newKey();
    }

    @AfterAll
    void stop() throws Exception {
        brokers.forEach(BrokerProcess::close);
        home.close();
    }

    private String newKey() throws Exception {
        String made = brokers.getFirst()
                .post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
        for (BrokerProcess broker : brokers) {
            await().until(() -> encrypt(broker, made).status() == 200);
        }
        return made;
    }

    private Reply encrypt(BrokerProcess broker, String with) throws Exception {
        return broker.post("/v1/keys/" + with + ":encrypt", app, ENCRYPT);
    }

    private Records journal(int broker) throws Exception {
        return Records.of(home.root().resolve("journal").resolve("broker-" + (broker + 1)));
    }

    /** A call that was answered. */
    private record Answered(int broker, long began, long ended, Reply reply) {
        long millis() {
            return (ended - began) / 1_000_000;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /** Calls each broker without pause while the database goes and comes back. */
    private Queue<Answered> calledWhile(Work work) throws Exception {
        Queue<Answered> answered = new ConcurrentLinkedQueue<>();
        AtomicBoolean going = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < brokers.size(); i++) {
                int broker = i;
                callers.add(threads.submit(() -> {
                    while (going.get()) {
                        long began = System.nanoTime();
                        Reply reply = encrypt(brokers.get(broker), key);
                        answered.add(new Answered(broker, began, System.nanoTime(), reply));
                    }
                    return null;
                }));
            }
            try {
                await().until(() -> answered.size() > 100);
                work.run();
            } finally {
                going.set(false);
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        return answered;
    }

    private void refusesWhile(String what, Work goes, Work comesBack) throws Exception {
        long[] gone = new long[2];
        Queue<Answered> answered = calledWhile(() -> {
            goes.run();
            gone[0] = System.nanoTime();
            for (BrokerProcess broker : brokers) {
                await().until(() -> broker.get("/readyz", null).status() == 503);
            }
            TimeUnit.SECONDS.sleep(3); // What is measured is that nothing succeeds in this time.
            assertThat(brokers.getFirst()
                            .get("/v1/health", admin)
                            .body()
                            .at("/parts/database/status")
                            .asText())
                    .isEqualTo("DOWN");
            gone[1] = System.nanoTime();
            comesBack.run();
            for (BrokerProcess broker : brokers) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> encrypt(broker, key).status() == 200);
                await().until(() -> broker.get("/readyz", null).status() == 200);
            }
        });

        List<Answered> meanwhile = answered.stream()
                .filter(call -> call.began() > gone[0] + LEASE_MS * 1_000_000 && call.ended() < gone[1])
                .toList();
        assertThat(meanwhile)
                .hasSizeGreaterThan(4)
                .allSatisfy(call -> assertThat(call.reply().status()).isEqualTo(503))
                .allSatisfy(call -> assertThat(call.reply().problem()).isEqualTo("state-unavailable"));
        long late = answered.stream()
                .filter(call -> call.reply().status() == 200 && call.ended() < gone[1])
                .mapToLong(call -> (call.began() - gone[0]) / 1_000_000)
                .max()
                .orElseThrow();
        long longest = meanwhile.stream().mapToLong(Answered::millis).max().orElseThrow();
        System.out.printf(
                "%s: the last success began %d ms after, %d refusals, the slowest in %d ms%n",
                what, late, meanwhile.size(), longest);
        assertThat(longest).isLessThan(1500);
        for (int broker = 0; broker < brokers.size(); broker++) {
            Records records = journal(broker);
            for (Answered call : meanwhile) {
                if (call.broker() == broker) {
                    assertThat(records.at(call.reply().record().orElseThrow())
                                    .at("/api/response/code")
                                    .asInt())
                            .isEqualTo(503);
                }
            }
        }
    }

    @Test
    @Order(1)
    void aDatabaseThatHangsEndsTheLeasesAndIsTakenUpAgain() throws Exception {
        refusesWhile("the database hangs", postgres::hang, postgres::goOn);
    }

    @Test
    @Order(2)
    void aDatabaseThatDiesEndsTheLeasesAndIsTakenUpAgain() throws Exception {
        refusesWhile("the database dies", postgres::kill, postgres::start);
    }

    @Test
    @Order(3)
    void anOlderDatabaseIsRefusedWhileRunningAndAtTheStart() throws Exception {
        // Given: yesterday's copy, and changes since, all of them made by the first broker and seen by the second
        postgres.stop();
        Path yesterday = home.root().resolve("postgres.yesterday");
        postgres.copyTo(yesterday);
        postgres.start();
        for (BrokerProcess broker : brokers) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> encrypt(broker, key).status() == 200);
        }
        String today = newKey();
        String revision = home.select("SELECT revision FROM shared_state");
        await().atMost(Duration.ofSeconds(30)).until(() -> witnessed(1).equals(revision));

        // When
        postgres.stop();
        postgres.exchange(yesterday);
        postgres.start();

        // Then: both refuse, and say why
        for (int i = 0; i < brokers.size(); i++) {
            int broker = i;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> encrypt(brokers.get(broker), today).problem().equals("state-older"));
            Reply refused = encrypt(brokers.get(i), key);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.record()).isPresent();
            assertThat(refused.body().path("detail").asText()).contains("state " + revision);
            assertThat(brokers.get(i).get("/readyz", null).status()).isEqualTo(503);
            await().until(() ->
                    journal(broker).of("service", "RefuseOlderState").size() == 1);
        }
        // and so they do when they start, also the one that changed nothing itself
        for (int i = 0; i < brokers.size(); i++) {
            brokers.get(i).close();
            BrokerProcess again =
                    BrokerProcess.start(home.set("keyproof.source", "broker-" + (i + 1)), TestHome.freePort());
            assertThat(again.awaitExit()).isEqualTo(2);
            assertThat(again.output()).contains("the database is older than the journal");
        }
        // and with the newer folder all is as it was
        postgres.stop();
        postgres.exchange(yesterday);
        postgres.start();
        for (int i = 0; i < brokers.size(); i++) {
            brokers.set(i, home.set("keyproof.source", "broker-" + (i + 1)).start());
            assertThat(encrypt(brokers.get(i), today).status()).isEqualTo(200);
        }
    }

    private String witnessed(int broker) throws Exception {
        List<JsonNode> told = journal(broker).of("service", "WitnessState");
        return told.isEmpty()
                ? ""
                : Records.keyproof(told.getLast()).at("/detail/revision").asText();
    }
}
