package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the token holds is held against what was ordered. */
@Tag("server")
class DeviceWatchTest {
    @Test
    void anObjectThatNobodyOrderedAndOneThatIsGoneAreTamperEvents() throws Exception {
        try (TestHome home = TestHome.create();
                BrokerProcess broker = home.start()) {
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
            intrude(home, "make", "mine");

            // Then: that one is told of, and nothing that was ordered
            await().atMost(Duration.ofSeconds(60)).until(() -> !tampered(home).isEmpty());
            assertThat(tampered(home)).hasSize(1);
            JsonNode detail = Records.keyproof(tampered(home).getFirst()).path("detail");
            assertThat(detail.path("label").asText()).isEqualTo("mine");
            assertThat(detail.path("difference").asText()).isEqualTo("nobody ordered it");

            // When: he destroys one of ours
            intrude(home, "destroy", resident + "/1");

            // Then
            await().atMost(Duration.ofSeconds(60)).until(() -> tampered(home).size() > 1);
            assertThat(tampered(home).subList(1, tampered(home).size())).allSatisfy(event -> {
                assertThat(Records.keyproof(event).path("detail").path("label").asText())
                        .isEqualTo(resident + "/1");
                assertThat(event.path("status_id").asInt()).isEqualTo(2);
            });
        }
    }

    private static List<JsonNode> tampered(TestHome home) throws Exception {
        return Records.of(home.journal()).of("service", "DeviceTampered");
    }

    private static void intrude(TestHome home, String act, String label) throws Exception {
        Path log = home.root().resolve("intruder.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Intruder.class.getName(),
                        TestHome.MODULE.toString(),
                        "broker",
                        home.root().resolve("pin").toString(),
                        act,
                        label)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(home.environment());
        assertThat(builder.start().waitFor()).as(Files.readString(log)).isZero();
    }
}
