package dev.keyproof.broker.ceremony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.keyproof.broker.BrokerProcess;
import dev.keyproof.broker.BrokerProcess.Reply;
import dev.keyproof.broker.Intruder;
import dev.keyproof.broker.RemovableModule;
import dev.keyproof.broker.TestHome;
import dev.keyproof.log.journal.JournalReader;
import java.nio.file.Files;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker on two tokens of one root, one of which is taken away under load. */
@Tag("server")
class FailoverTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aTokenThatIsTakenAwayUnderLoadFailsNoCall() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given
            Path root = home.root();
            home.addToken("second");
            RemovableModule removable = RemovableModule.make(root);
            Path module = removable.module();
            root(home, module, TestHome.MODULE);
            home.set("keyproof.token.module", module.toString())
                    .set("keyproof.token.root", "imported")
                    .set("keyproof.token.others[0].module", TestHome.MODULE.toString())
                    .set("keyproof.token.others[0].label", "second")
                    .set(
                            "keyproof.token.others[0].pin-file",
                            root.resolve("pin").toString());
            try (BrokerProcess broker = home.start();
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                String app = home.token("payments", "application");
                String key = broker.post(
                                "/v1/keys",
                                home.token("root", "administrator"),
                                "{'name':'k','algorithm':'AES_256_GCM'}")
                        .body()
                        .path("id")
                        .asText();
                Queue<Reply> failed = new ConcurrentLinkedQueue<>();
                AtomicInteger calls = new AtomicInteger();
                AtomicBoolean going = new AtomicBoolean(true);
                List<Future<?>> callers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    callers.add(threads.submit(() -> {
                        while (going.get()) {
                            Reply reply = broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'aGVsbG8='}");
                            if (reply.status() != 200) {
                                failed.add(reply);
                            }
                            calls.incrementAndGet();
                        }
                        return null;
                    }));
                }
                await().until(() -> calls.get() > 200);

                // When
                removable.set("R");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !events(home, "TokenFailed").isEmpty());
                int then = calls.get();
                await().until(() -> calls.get() > then + 200);
                removable.giveBack();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !events(home, "TokenRecovered").isEmpty());
                int back = calls.get();
                await().until(() -> calls.get() > back + 200);
                going.set(false);
                for (Future<?> caller : callers) {
                    caller.get();
                }

                // Then
                assertThat(failed).isEmpty();
                JsonNode event = events(home, "TokenFailed").getFirst();
                assertThat(event.at("/unmapped/keyproof/detail/token").asText()).isEqualTo("broker");
                assertThat(events(home, "RecordCeremony")).hasSize(1);
            }
        }
    }

    /** The root of the tokens "broker" and "second". */
    private static void root(TestHome home, Path first, Path second) throws Exception {
        Path root = home.root();
        List<JWK> custodians = new ArrayList<>();
        for (String name : List.of("ann", "ben")) {
            custodians.add(
                    new ECKeyGenerator(Curve.P_256).keyID(name).generate().toPublicJWK());
        }
        Files.writeString(root.resolve("custodians.json"), new JWKSet(custodians).toString());
        CeremonyTest.Done made = CeremonyTest.run(
                home,
                "root",
                "--token",
                "broker",
                "--module",
                first.toString(),
                "--pin-file",
                root.resolve("pin").toString(),
                "--token",
                "second",
                "--module",
                second.toString(),
                "--pin-file",
                root.resolve("pin").toString(),
                "--custodians",
                root.resolve("custodians.json").toString(),
                "--threshold",
                "2",
                "--out",
                root.resolve("ceremony").toString());
        assertThat(made.code()).as(made.output()).isZero();
    }

    @Test
    void aTokenThatComesLateServesAndBringsNothingButTheRoot() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given: an installation on one token, and a second of the same root in which somebody left a key of his
            // own
            Path root = home.root();
            home.addToken("second");
            RemovableModule removable = RemovableModule.make(root);
            root(home, TestHome.MODULE, removable.module());
            Intruder.run(home, "second", "make", "planted");
            home.set("keyproof.token.root", "imported").set("keyproof.token.read-back", "3s");
            String admin = home.token("root", "administrator");
            String app = home.token("payments", "application");
            String key;
            try (BrokerProcess broker = home.start()) {
                key = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                        .body()
                        .path("id")
                        .asText();
            }
            home.set("keyproof.token.others[0].module", removable.module().toString())
                    .set("keyproof.token.others[0].label", "second")
                    .set(
                            "keyproof.token.others[0].pin-file",
                            root.resolve("pin").toString());
            removable.set("R");
            try (BrokerProcess broker = home.start()) {
                assertThat(broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'aGVsbG8='}")
                                .status())
                        .isEqualTo(200);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !events(home, "TokenFailed").isEmpty());

                // When
                removable.giveBack();

                // Then: it serves,
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !events(home, "TokenRecovered").isEmpty());
                for (int i = 0; i < 40; i++) {
                    Reply reply = broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'aGVsbG8='}");
                    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
                }

                // and what it holds beside the root is told of, and nothing else.
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> !events(home, "DeviceTampered").isEmpty());
                assertThat(events(home, "DeviceTampered"))
                        .extracting(
                                event -> event.at("/unmapped/keyproof/detail/token")
                                        .asText(),
                                event -> event.at("/unmapped/keyproof/detail/label")
                                        .asText())
                        .containsOnly(tuple("second", "planted"));
                JsonNode adopted = events(home, "AdoptDeviceObjects").getLast();
                assertThat(adopted.at("/unmapped/keyproof/detail/token").asText())
                        .isEqualTo("second");
                assertThat(adopted.at("/unmapped/keyproof/detail/held"))
                        .isNotEmpty()
                        .allSatisfy(held -> assertThat(held.asText()).contains("keyproof/kek/"));
            }
        }
    }

    private static List<JsonNode> events(TestHome home, String operation) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(home.journal())) {
            long next = 0;
            for (List<byte[]> page = reader.read(next, 500); !page.isEmpty(); page = reader.read(next, 500)) {
                for (byte[] entry : page) {
                    JsonNode event = JSON.readTree(entry);
                    if (event.path("api").path("operation").asText().equals(operation)) {
                        events.add(event);
                    }
                }
                next += page.size();
            }
        }
        return events;
    }
}
