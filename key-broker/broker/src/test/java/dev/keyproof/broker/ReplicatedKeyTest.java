package dev.keyproof.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that lie wrapped in the database: what somebody who can write there achieves, and what destruction leaves. */
@Tag("server")
class ReplicatedKeyTest {
    private static final String PLAINTEXT = "aGVsbG8=";

    @Test
    void aWrappedKeyInAnothersPlaceIsRefusedAndOnTheRecord() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given
            String one;
            String other;
            String sealed;
            try (BrokerProcess broker = home.start()) {
                one = created(home, broker, "one");
                other = created(home, broker, "other");
                sealed = encrypt(home, broker, one).body().path("ciphertext").asText();
            }

            // When
            swap(home, one, other);

            // Then
            try (BrokerProcess broker = home.start()) {
                Reply refused = decrypt(home, broker, one, sealed);
                assertThat(refused.status()).isEqualTo(500);
                assertThat(refused.problem()).isEqualTo("key-tampered");
                JsonNode event = Records.of(home.journal()).at(refused.record().orElseThrow());
                assertThat(event.path("status_id").asInt()).isEqualTo(2);
                assertThat(encrypt(home, broker, other).problem()).isEqualTo("key-tampered");
            }
            swap(home, one, other);
            try (BrokerProcess broker = home.start()) {
                assertThat(decrypt(home, broker, one, sealed)
                                .body()
                                .path("plaintext")
                                .asText())
                        .isEqualTo(PLAINTEXT);
            }
        }
    }

    @Test
    void aRowThatNamesAnotherKeyOfTheTokenIsRefused() throws Exception {
        try (TestHome home = TestHome.create();
                BrokerProcess broker = home.start()) {
            // Given
            String key = broker.post(
                            "/v1/keys", home.token("root", "administrator"), "{'name':'one','algorithm':'EC_P256'}")
                    .body()
                    .path("id")
                    .asText();
            assertThat(sign(home, broker, key).status()).isEqualTo(200);

            // When: the row names the key that signs the journal's heads
            home.execute("UPDATE key_version SET wrapped = NULL, reference = '"
                    + HexFormat.of().formatHex("journal/broker-1".getBytes(UTF_8)) + "' WHERE key_id = '" + key + "'");
            home.execute("UPDATE shared_state SET revision = revision + 1");
            home.execute("UPDATE key SET revision = (SELECT revision FROM shared_state) WHERE id = '" + key + "'");

            // Then
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> sign(home, broker, key).problem().equals("key-tampered"));
        }
    }

    @Test
    void twoBrokersThatRotateAtOnceUseTheKeyThatWasStored() throws Exception {
        try (TestHome home = TestHome.create();
                BrokerProcess one = home.start();
                BrokerProcess other = home.set("keyproof.source", "broker-2").start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            String key = created(home, one, "one");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> encrypt(home, other, key).status() == 200);
            String admin = home.token("root", "administrator");

            for (int round = 0; round < 8; round++) {
                // When
                List<Future<Reply>> rotations = threads.invokeAll(List.of(
                        () -> one.post("/v1/keys/" + key + ":rotate", admin, "{}"),
                        () -> other.post("/v1/keys/" + key + ":rotate", admin, "{}")));
                int rotated = 0;
                for (Future<Reply> rotation : rotations) {
                    rotated += rotation.get().status() == 200 ? 1 : 0;
                }

                // Then: at once, and when each knows what the other did
                assertThat(rotated).isPositive();
                String early = encrypt(home, one, key).body().path("ciphertext").asText();
                String late =
                        encrypt(home, other, key).body().path("ciphertext").asText();
                for (String sealed : List.of(early, late)) {
                    for (BrokerProcess broker : List.of(one, other)) {
                        await().atMost(Duration.ofSeconds(10))
                                .until(() -> decrypt(home, broker, key, sealed)
                                        .body()
                                        .path("plaintext")
                                        .asText()
                                        .equals(PLAINTEXT));
                    }
                }
            }
        }
    }

    private static Reply sign(TestHome home, BrokerProcess broker, String key) throws Exception {
        return broker.post(
                "/v1/keys/" + key + ":sign", home.token("payments", "application"), "{'message':'" + PLAINTEXT + "'}");
    }

    @Test
    void destructionErasesTheWrappedKey() throws Exception {
        try (TestHome home = TestHome.create();
                BrokerProcess broker = home.start()) {
            // Given
            String key = created(home, broker, "one");
            assertThat(encrypt(home, broker, key).status()).isEqualTo(200);
            assertThat(wrapped(home, key)).isNotEqualTo("null");
            String admin = home.token("root", "administrator");
            JsonNode request = broker.post(
                            "/v1/approvals", admin, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}")
                    .body();
            for (String custodian : new String[] {"alice", "carol"}) {
                String jws = home.approve(custodian, request.path("statement").asText());
                broker.post(
                        "/v1/approvals/" + request.path("id").asText() + "/signatures",
                        home.token(custodian, "custodian"),
                        "{'jws':'" + jws + "'}");
            }

            // When
            Reply destroyed = broker.post(
                    "/v1/keys/" + key + ":destroy",
                    admin,
                    "{'approval':'" + request.path("id").asText() + "'}");

            // Then
            assertThat(destroyed.status()).as("%s", destroyed).isEqualTo(200);
            assertThat(wrapped(home, key)).isEqualTo("null");
            assertThat(encrypt(home, broker, key).problem()).isEqualTo("denied");
        }
    }

    private static String wrapped(TestHome home, String key) throws Exception {
        return home.select("SELECT wrapped FROM key_version WHERE key_id = '" + key + "'");
    }

    private static void swap(TestHome home, String one, String other) throws Exception {
        home.execute("UPDATE key_version a SET wrapped = b.wrapped FROM key_version b WHERE (a.key_id, b.key_id) IN (('"
                + one + "','" + other + "'), ('" + other + "','" + one + "'))");
    }

    private static String created(TestHome home, BrokerProcess broker, String name) throws Exception {
        return broker.post(
                        "/v1/keys",
                        home.token("root", "administrator"),
                        "{'name':'" + name + "','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    private static Reply encrypt(TestHome home, BrokerProcess broker, String key) throws Exception {
        return broker.post(
                "/v1/keys/" + key + ":encrypt",
                home.token("payments", "application"),
                "{'plaintext':'" + PLAINTEXT + "'}");
    }

    private static Reply decrypt(TestHome home, BrokerProcess broker, String key, String sealed) throws Exception {
        return broker.post(
                "/v1/keys/" + key + ":decrypt",
                home.token("payments", "application"),
                "{'ciphertext':'" + sealed + "'}");
    }
}
