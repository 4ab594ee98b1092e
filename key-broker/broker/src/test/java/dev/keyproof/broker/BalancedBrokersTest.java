package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

/** Three brokers behind a balancer: one after the other is stopped in order, or one is killed. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalancedBrokersTest {
    private static final int CALLERS = 4;
    private static final int SIGTERM = 128 + 15;
    private static final String ENCRYPT = "{'plaintext':'aGVsbG8='}";

    private final List<BrokerProcess> brokers = new ArrayList<>();
    private TestHome home;
    private Balancer balancer;
    private String admin;
    private String app;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create()
                .set("keyproof.peers", "broker-1,broker-2,broker-3")
                .set("keyproof.drain", "2s");
        for (int i = 1; i <= 3; i++) {
            brokers.add(home.set("keyproof.source", "broker-" + i).start());
        }
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
        balancer = new Balancer(brokers.stream().map(BrokerProcess::base).toList());
        key = brokers.getFirst()
                .post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
        for (BrokerProcess broker : brokers) {
            await().until(() -> balancer.sends(broker.base()));
            await().until(() -> broker.get("/v1/keys/" + key, admin).status() == 200);
        }
    }

    @AfterAll
    void stop() throws Exception {
        balancer.close();
        home.set("keyproof.drain", "0s");
        brokers.forEach(BrokerProcess::close);
        home.close();
    }

    private BrokerProcess restart(int broker) throws Exception {
        URI base = brokers.get(broker).base();
        BrokerProcess again = BrokerProcess.start(home.set("keyproof.source", "broker-" + (broker + 1)), base.getPort())
                .awaitReady();
        brokers.set(broker, again);
        await().until(() -> balancer.sends(base));
        return again;
    }

    /** A caller's loop, ended by the test. */
    @FunctionalInterface
    private interface Caller {
        void call(BrokerProcess balanced) throws Exception;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private void under(Caller caller, Work work) throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                BrokerProcess balanced = brokers.getFirst().via(balancer.address());
                callers.add(threads.submit(() -> {
                    while (going.get()) {
                        caller.call(balanced);
                        calls.incrementAndGet();
                    }
                    return null;
                }));
            }
            try {
                await().until(() -> calls.get() > 200);
                work.run();
                int then = calls.get();
                await().until(() -> calls.get() > then + 200);
            } finally {
                going.set(false);
            }
            for (Future<?> one : callers) {
                one.get();
            }
        }
    }

    @Test
    void aRollingRestartFailsNoCall() throws Exception {
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        Queue<String> answered = new ConcurrentLinkedQueue<>();

        under(
                balanced -> {
                    try {
                        Reply reply = balanced.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT);
                        if (reply.status() != 200) {
                            failed.add(reply.toString());
                        }
                        reply.record().ifPresent(answered::add);
                    } catch (IOException e) {
                        failed.add(e.toString());
                    }
                },
                () -> {
                    for (int i = 0; i < 3; i++) {
                        assertThat(brokers.get(i).stop()).isEqualTo(SIGTERM);
                        restart(i);
                    }
                });

        assertThat(failed).isEmpty();
        for (int i = 1; i <= 3; i++) {
            String source = "broker-" + i + "/";
            assertThat(answered).anyMatch(record -> record.startsWith(source));
            assertThat(Records.of(home.root().resolve("journal").resolve("broker-" + i))
                            .of("service", "StartBroker"))
                    .hasSizeGreaterThanOrEqualTo(2);
        }
        System.out.printf("rolling restart of three brokers: %d calls, none failed%n", answered.size());
    }

    @Test
    void whileABrokerTakesItsLeaveItSaysSoAndEndsItsConnections() throws Exception {
        BrokerProcess leaving = brokers.getFirst();
        Future<Integer> exit;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            exit = threads.submit(leaving::stop);
            await().until(() -> leaving.get("/readyz", null).status() == 503);

            Reply reply = leaving.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT);
            Reply live = leaving.get("/healthz", null);
            Reply parts = leaving.get("/v1/health", admin);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(live.status()).isEqualTo(200);
            assertThat(parts.body().at("/parts/server/reason").asText()).isEqualTo("is being stopped");
            assertThat(exit.get()).isEqualTo(SIGTERM);
        }
        restart(0);
    }

    @Test
    void aBrokerThatIsKilledLosesNothingThatWasAnsweredAndItsCallersGoOnElsewhere() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger repeated = new AtomicInteger();
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        AtomicInteger turn = new AtomicInteger();

        under(
                balanced -> {
                    boolean changes = turn.incrementAndGet() % 8 == 0;
                    int tries = 0;
                    while (tries < 20) {
                        tries++;
                        try {
                            Reply reply = changes
                                    ? balanced.post("/v1/keys", admin, "{'name':'n','algorithm':'EC_P256'}")
                                    : balanced.post("/v1/keys/" + key + ":encrypt", app, ENCRYPT);
                            reply.record().ifPresent(acknowledged::add);
                            if (reply.status() < 300) {
                                return;
                            }
                        } catch (IOException e) {
                            repeated.incrementAndGet();
                        }
                    }
                    lost.add("not answered in " + tries + " tries");
                },
                () -> brokers.get(1).kill());
        restart(1);

        assertThat(lost).isEmpty();
        assertThat(repeated).hasPositiveValue();
        for (int i = 1; i <= 3; i++) {
            String source = "broker-" + i;
            Records records = Records.of(home.root().resolve("journal").resolve(source));
            assertThat(acknowledged)
                    .filteredOn(record -> record.startsWith(source + "/"))
                    .isNotEmpty()
                    .allSatisfy(record ->
                            assertThat(Records.kind(records.at(record))).isEqualTo("operation"));
            assertThat(openIntents(records)).as("open intents of %s", source).isEmpty();
        }
        System.out.printf(
                "a broker killed: %d records acknowledged, %d calls repeated%n", acknowledged.size(), repeated.get());
    }

    private static Set<String> openIntents(Records records) {
        Set<String> open = new HashSet<>();
        for (JsonNode event : records.events()) {
            if (Records.kind(event).equals("intent")) {
                open.add(event.path("metadata").path("uid").asText());
            } else {
                open.remove(Records.keyproof(event).path("intent").asText());
            }
        }
        return open;
    }
}
