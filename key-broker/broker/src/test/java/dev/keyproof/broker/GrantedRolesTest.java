package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A role that policy's data grants reaches the rules by the record alone, as one that the caller's proof carries does. */
@Tag("server")
class GrantedRolesTest {
    private static final String RULE = "separation/conflicting_roles ";

    @Test
    void whatIsGrantedToAnAccountIsHeldAgainstWhatItsProofCarriesInAnotherCall() throws Exception {
        try (TestHome home = TestHome.create().policy(GrantedRolesTest::shopsAreApplications);
                BrokerProcess broker = home.start()) {
            JudgedRecord judged = new JudgedRecord();
            String key = broker.post(
                            "/v1/keys",
                            home.token("root", "administrator"),
                            "{'name':'orders','algorithm':'AES_256_GCM'}")
                    .body()
                    .path("id")
                    .asText();
            assertThat(encrypt(broker, key, ofTheShop(home, "orders")).status()).isEqualTo(200);
            assertThat(encrypt(broker, key, ofTheShop(home, "payments")).status())
                    .isEqualTo(200);
            assertThat(broker.get("/v1/keys", home.token("eve", "auditor")).status())
                    .isEqualTo(200);
            assertThat(conflicts(judged, home))
                    .containsExactlyInAnyOrder("PASS root []", "PASS orders []", "PASS payments []", "PASS eve []");

            // When: each call of its own is permitted
            assertThat(broker.get("/v1/keys", home.token("payments", "auditor")).status())
                    .isEqualTo(200);

            // Then
            assertThat(conflicts(judged, home))
                    .containsExactlyInAnyOrder(
                            "PASS root []",
                            "PASS orders []",
                            "FAIL payments [\"application-and-auditor\"]",
                            "PASS eve []");
        }
    }

    private static void shopsAreApplications(ObjectNode parameters) {
        ObjectNode grant = parameters.withArray("grants").addObject().put("method", "token");
        grant.putArray("groups").add("shop");
        grant.putArray("roles").add("application");
    }

    /** A proof without any role. */
    private static String ofTheShop(TestHome home, String account) throws Exception {
        return home.token(home.claims(account).claim("groups", List.of("shop")).build());
    }

    private static Reply encrypt(BrokerProcess broker, String key, String token) throws Exception {
        return broker.post("/v1/keys/" + key + ":encrypt", token, "{'plaintext':'aGVsbG8='}");
    }

    /** By the policy that is delivered, which grants nothing. */
    private static List<String> conflicts(JudgedRecord judged, TestHome home) throws Exception {
        return judged.judge("as delivered", Records.of(home.journal()).events(), 0).stream()
                .filter(said -> said.startsWith(RULE) && !said.contains(" NOT-"))
                .map(said -> said.substring(RULE.length()))
                .toList();
    }
}
