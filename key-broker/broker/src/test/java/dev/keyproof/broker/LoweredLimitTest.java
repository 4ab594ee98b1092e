package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.keyproof.broker.BrokerProcess.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A limit of uses that policy lowers holds for the keys that are there already. */
@Tag("server")
class LoweredLimitTest {
    private static final String ENCRYPT = "{'plaintext':'aGVsbG8='}";

    private static String key(TestHome home, BrokerProcess broker, String more) throws Exception {
        Reply made = broker.post(
                "/v1/keys", home.token("root", "administrator"), "{'name':'k','algorithm':'AES_256_GCM'" + more + "}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private static Reply encrypt(TestHome home, BrokerProcess broker, String key) throws Exception {
        return broker.post("/v1/keys/" + key + ":encrypt", home.token("payments", "application"), ENCRYPT);
    }

    /** How often the key encrypts by its first version; that it is then rotated shows that the duty goes by the same limit. */
    private static int uses(TestHome home, BrokerProcess broker, String key) throws Exception {
        int uses = 0;
        Reply reply = encrypt(home, broker, key);
        while (reply.status() == 200 && reply.body().path("keyVersion").asInt() == 1) {
            uses++;
            assertThat(uses).isLessThan(1000);
            reply = encrypt(home, broker, key);
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        encrypt(home, broker, key).body().path("keyVersion").asInt() == 2);
        return uses;
    }

    @Test
    void theLowerOfAKeysOwnAndPolicysLimitHolds() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given: a key without a limit of its own, one with a higher and one with a lower one, each used some times
            String usual;
            String higher;
            String lower;
            String usedUp;
            try (BrokerProcess broker = home.start()) {
                usual = key(home, broker, "");
                higher = key(home, broker, ",'usageLimit':900");
                lower = key(home, broker, ",'usageLimit':5");
                usedUp = key(home, broker, ",'usageLimit':800");
                for (int i = 0; i < 30; i++) {
                    assertThat(encrypt(home, broker, usedUp).status()).isEqualTo(200);
                }
            }

            // When
            home.policy(parameters -> parameters.withObject("/usageLimits").put("AES_256_GCM", 20));

            // Then: each has what the lower limit leaves
            try (BrokerProcess broker = home.start()) {
                assertThat(uses(home, broker, usual)).isBetween(18, 20);
                assertThat(uses(home, broker, higher)).isBetween(18, 20);
                assertThat(uses(home, broker, lower)).isEqualTo(5);
                assertThat(uses(home, broker, usedUp)).isZero();
                assertThat(home.select("SELECT uses FROM key_version WHERE version = 1 AND key_id = '" + usedUp + "'"))
                        .as("what was used stays used")
                        .isEqualTo("30");
            }
        }
    }
}
