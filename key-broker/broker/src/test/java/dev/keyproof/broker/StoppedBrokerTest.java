package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.keyproof.log.journal.JournalReader;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.policy.history.InstallationHistory;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that is shut down on purpose says so on the record, so that nobody waits for it. */
@Tag("server")
class StoppedBrokerTest {
    private static final int SIGTERM = 143;

    /** The brokers of which the rules ask by what policy they decide. */
    private static JsonNode counted(Records records) {
        InstallationHistory history = InstallationHistory.of(NullNode.getInstance());
        records.events().forEach(event -> Happening.of(event).ifPresent(history::add));
        return history.json().path("brokers");
    }

    @Test
    void whoIsStoppedCountsNoMoreAndWhoIsKilledDoes() throws Exception {
        try (TestHome home = TestHome.create()) {
            try (BrokerProcess broker = home.start()) {
                assertThat(counted(Records.of(home.journal()))).hasSize(1);

                assertThat(broker.stop()).isEqualTo(SIGTERM);
            }
            Records stopped = Records.of(home.journal());
            assertThat(stopped.of("service", "StopBroker")).hasSize(1);
            assertThat(counted(stopped)).isEmpty();
            try (JournalReader reader = JournalReader.open(home.journal())) {
                assertThat(reader.headsAfter(stopped.events().size() - 1))
                        .as("a signed head covers the last record")
                        .isNotEmpty();
            }

            try (BrokerProcess broker = home.start()) {
                broker.kill();
            }
            Records killed = Records.of(home.journal());
            assertThat(killed.of("service", "StopBroker")).hasSize(1);
            assertThat(counted(killed)).hasSize(1);
        }
    }

    /** What cannot be recorded keeps nobody from stopping. */
    @Test
    void aJournalThatCannotBeWrittenHoldsUpNoShutdown() throws Exception {
        try (TestHome home = TestHome.create().set("keyproof.journal.preallocate-kib", "256");
                BrokerProcess broker = home.start()) {
            String key = broker.post(
                            "/v1/keys", home.token("root", "administrator"), "{'name':'k','algorithm':'AES_256_GCM'}")
                    .body()
                    .path("id")
                    .asText();
            String app = home.token("payments", "application");
            FileLimit.set(broker, home.journal());
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'aGVsbG8='}")
                                    .status()
                            == 503);

            assertThat(broker.stop()).isEqualTo(SIGTERM);

            assertThat(broker.output()).contains("event=last-beat-failed beat=stop");
            assertThat(Records.of(home.journal()).of("service", "StopBroker")).isEmpty();
        }
    }
}
