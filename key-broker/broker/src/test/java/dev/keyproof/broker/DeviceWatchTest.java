package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the token holds is held against what was ordered. */
@Tag("server")
class DeviceWatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void anObjectThatNobodyOrderedAndOneThatIsGoneAreTamperEvents() throws Exception {
        try (TestHome home = TestHome.create();
                BrokerProcess broker =
                        home.set("keyproof.token.read-back", "3s").start()) {
            // Given: resident and replicated keys, born, rotated and destroyed by order
            String admin = home.token("root", "administrator");
            Reply made = broker.post("/v1/keys", admin, "{'name':'r','algorithm':'EC_P256','residence':'resident'}");
            assertThat(made.status()).as("%s", made).isEqualTo(201);
            String resident = made.body().path("id").asText();
            broker.post("/v1/keys/" + resident + ":rotate", admin, "{}");
            Reply edwards = broker.post("/v1/keys", admin, "{'name':'e','algorithm':'ED25519','residence':'resident'}");
            assertThat(edwards.status()).as("%s", edwards).isEqualTo(201);
            for (String algorithm : List.of("AES_256_GCM", "HMAC_SHA512", "EC_P384")) {
                assertThat(broker.post("/v1/keys", admin, "{'name':'k','algorithm':'" + algorithm + "'}")
                                .status())
                        .isEqualTo(201);
            }

            // When: somebody with the PIN makes a key of his own
            Intruder.run(home, "make", "mine");

            // Then: that one is told of, and nothing that was ordered
            await().atMost(Duration.ofSeconds(60)).until(() -> !tampered(home).isEmpty());
            assertThat(tampered(home)).hasSize(1);
            JsonNode detail = Records.keyproof(tampered(home).getFirst()).path("detail");
            assertThat(detail.path("label").asText()).isEqualTo("mine");
            assertThat(detail.path("difference").asText()).isEqualTo("nobody ordered it");

            // When: he destroys one of ours
            Intruder.run(home, "destroy", resident + "/1");

            // Then
            await().atMost(Duration.ofSeconds(60)).until(() -> tampered(home).size() > 1);
            assertThat(tampered(home).subList(1, tampered(home).size())).allSatisfy(event -> {
                assertThat(Records.keyproof(event).path("detail").path("label").asText())
                        .isEqualTo(resident + "/1");
                assertThat(event.path("status_id").asInt()).isEqualTo(2);
            });
        }
    }

    @Test
    void whoWritesTheDatabaseAsWellIsSeenAllTheSame() throws Exception {
        try (TestHome home = TestHome.create()) {
            home.set("keyproof.token.read-back", "3s");
            String ours;
            try (BrokerProcess broker = home.start()) {
                ours = broker.post(
                                "/v1/keys",
                                home.token("root", "administrator"),
                                "{'name':'r','algorithm':'AES_256_GCM','residence':'resident'}")
                        .body()
                        .path("id")
                        .asText();
                assertThat(ours).isNotEmpty();
            }

            // When: somebody has the PIN and the database's password, makes keys, and writes each down as one that was
            // ordered
            for (String label : List.of("borrowed", "foreign", "beyond", "twice", "readopted")) {
                Intruder.run(home, "make", label);
            }
            // One by the record of another birth,
            write(home, "borrowed", "source, epoch, sequence", ours);
            // one by that of a broker that there is not,
            write(home, "foreign", "'broker-9', epoch, sequence", ours);
            // one by a record that is still to come,
            write(home, "beyond", "source, epoch, 1000000", ours);
            // one by two rows,
            write(home, "twice", "source, epoch, sequence", ours);
            write(home, "twice", "source, epoch, sequence", ours);
            // one of ours a second time,
            home.execute("INSERT INTO device_object (token, kind, object_id, label, attributes, born, source, epoch,"
                    + " sequence) SELECT token, kind, object_id, label, attributes, born, source, epoch, sequence FROM"
                    + " device_object WHERE label = '" + ours + "/1'");
            // and of one nothing, but the token as one that comes for the first time.
            home.execute("DELETE FROM device_token");

            // Then: each is told of, also after a start, and nothing else
            try (BrokerProcess broker = home.start()) {
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> differences(home)
                                .keySet()
                                .containsAll(
                                        Set.of("borrowed", "foreign", "beyond", "twice", "readopted", ours + "/1")));
                Map<String, Set<String>> seen = differences(home);
                String unfounded = "no record says that it was born so";
                assertThat(seen)
                        .containsOnlyKeys("borrowed", "foreign", "beyond", "twice", "readopted", ours + "/1")
                        .containsEntry("borrowed", Set.of(unfounded))
                        .containsEntry("foreign", Set.of(unfounded))
                        .containsEntry("beyond", Set.of(unfounded))
                        .containsEntry("readopted", Set.of("nobody ordered it"));
                assertThat(seen.get("twice")).contains(unfounded);
                assertThat(seen.get(ours + "/1")).contains(unfounded);
                assertThat(broker.call("GET", "/readyz", null, null).status()).isEqualTo(200);
            }

            // When: the operator says that all of it is in order
            home.set("keyproof.token.adopt", "true");
            int before = tampered(home).size();
            try (BrokerProcess broker = home.start()) {
                Intruder.run(home, "make", "last");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> tampered(home).size() > before);
                assertThat(Records.keyproof(tampered(home).getLast())
                                .at("/detail/label")
                                .asText())
                        .isEqualTo("last");
                assertThat(tampered(home)).hasSize(before + 1);
                assertThat(broker.call("GET", "/readyz", null, null).status()).isEqualTo(200);
            }
        }
    }

    /** Writes down what the token shows, in the best way that can be thought of. */
    private static void write(TestHome home, String label, String record, String ours) throws Exception {
        for (JsonNode object : JSON.readTree(Intruder.run(home, "show", label))) {
            home.execute("INSERT INTO device_object (token, kind, object_id, label, attributes, born, source, epoch,"
                    + " sequence) SELECT token, '" + object.path("kind").asText() + "', '"
                    + object.path("id").asText() + "', '" + label + "', '" + object.path("attributes")
                    + "'::jsonb, born, " + record + " FROM device_object WHERE label = '" + ours
                    + "/1' ORDER BY number LIMIT 1");
        }
    }

    private static Map<String, Set<String>> differences(TestHome home) throws Exception {
        Map<String, Set<String>> differences = new TreeMap<>();
        for (JsonNode event : tampered(home)) {
            JsonNode detail = Records.keyproof(event).path("detail");
            differences
                    .computeIfAbsent(detail.path("label").asText(), none -> new TreeSet<>())
                    .add(detail.path("difference").asText());
        }
        return differences;
    }

    private static List<JsonNode> tampered(TestHome home) throws Exception {
        return Records.of(home.journal()).of("service", "DeviceTampered");
    }
}
