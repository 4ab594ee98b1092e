package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who is refused and asks for it is told why: what policy lets it know, as often as policy permits, and nothing beyond that. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainedRefusalsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HELLO = "{\"plaintext\":\"aGVsbG8=\"}";
    private static final Map<String, String> EXPLAINED = Map.of("Prefer", "explanation");
    private static final int BURST = 30;

    private TestHome home;
    private BrokerProcess broker;
    private PolicyEngine engine;
    private String admin;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create().policy(ExplainedRefusalsTest::parameters);
        engine = PolicyEngine.load(PolicyBundle.read(TestPolicy.bundle(home.root())));
        broker = home.start();
        admin = home.token("root", "administrator");
    }

    /** Explanations come back so slowly that the test meets their end. */
    private static void parameters(ObjectNode parameters) {
        ObjectNode attested = parameters.withArray("conditions").addObject().put("name", "inside");
        attested.putArray("operations").add("Encrypt");
        attested.putObject("tags").put("network", "ours");
        attested.putArray("networks").add("10.11.12.0/24");
        parameters
                .withObject("/throttle")
                .putObject("explanations")
                .put("perSecond", 1)
                .put("burst", BURST);
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private String key(String tags) throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM','tags':{" + tags + "}}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private Reply encrypt(String key, String token, Map<String, String> headers) throws Exception {
        return broker.call("POST", "/v1/keys/" + key + ":encrypt", token, HELLO, headers);
    }

    /** What policy lets this caller know of the refusal that stands on the record. */
    private JsonNode told(Reply reply) throws Exception {
        JsonNode event = Records.of(home.journal()).at(reply.record().orElseThrow());
        JsonNode input = Records.keyproof(event).path("decision").path("input");
        return engine.explain(input).orElseThrow().path("told");
    }

    private void explained(Reply reply) throws Exception {
        assertThat(reply.status()).as("%s", reply).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("denied");
        assertThat(reply.type()).isEqualTo("application/problem+json");
        assertThat(reply.header("Preference-Applied")).isEqualTo("explanation");
        assertThat(reply.body().path("explanation"))
                .isNotEmpty()
                .isEqualTo(JSON.readTree(told(reply).toString()));
        List<String> codes = new ArrayList<>();
        reply.body()
                .path("explanation")
                .forEach(one -> codes.add(one.path("code").asText()));
        List<String> reasons = new ArrayList<>();
        reply.body().path("reasons").forEach(reason -> reasons.add(reason.asText()));
        assertThat(codes).containsExactlyInAnyOrderElementsOf(reasons);
    }

    private static void plainlyRefused(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("denied");
        assertThat(reply.body().path("reasons")).isNotEmpty();
        assertThat(reply.body().has("explanation")).isFalse();
        assertThat(reply.header("Preference-Applied")).isEmpty();
        assertThat(reply.record()).isPresent();
    }

    @Test
    void whoAsksIsToldEachReasonWithWhatItReadAndWhatIsAsked() throws Exception {
        String key = key("");
        String ann = home.token("ann", "auditor");

        Reply first = encrypt(key, ann, EXPLAINED);
        Reply byTheShortWay = encrypt(key, ann, EXPLAINED);
        Reply reading = broker.call("GET", "/v1/metrics", home.token("app", "application"), null, EXPLAINED);
        Reply change = broker.call("POST", "/v1/keys/" + key + ":disable", ann, "{}", EXPLAINED);

        explained(first);
        explained(byTheShortWay);
        explained(reading);
        explained(change);
        JsonNode role = first.body().path("explanation").get(0);
        assertThat(role.path("code").asText()).isEqualTo("role-not-permitted");
        assertThat(role.path("read").path("actor.roles").toString()).isEqualTo("[\"auditor\"]");
    }

    @Test
    void thePreferenceIsReadAsItsStandardSays() throws Exception {
        String key = key("");
        String bob = home.token("bob", "auditor");

        explained(encrypt(key, bob, Map.of("Prefer", "respond-async, Explanation; depth=1")));
        plainlyRefused(encrypt(key, bob, Map.of("Prefer", "return=minimal")));
        plainlyRefused(encrypt(key, bob, Map.of("Prefer", "note=\"a, explanation\"")));
        plainlyRefused(encrypt(key, bob, Map.of("Prefer", "x".repeat(200) + ", explanation")));
        plainlyRefused(encrypt(key, bob, Map.of()));
    }

    @Test
    void nothingIsToldThatTheCallerMayNotKnow() throws Exception {
        String key = key("'callers':'somebody-else','network':'ours'");

        Reply reply = encrypt(key, home.token("carl", "application"), EXPLAINED);

        explained(reply);
        assertThat(reply.body().path("reasons").toString()).contains("caller-not-listed", "condition:inside");
        assertThat(reply.body().toString()).doesNotContain("somebody-else", "10.11.12.0", "key.tags");
    }

    @Test
    void whoHasUsedUpItsExplanationsIsRefusedAsEverAndNobodyElse() throws Exception {
        String key = key("");
        String dora = home.token("dora", "auditor");
        String app = home.token("payments", "application");

        int explanations = 0;
        Reply last = encrypt(key, dora, EXPLAINED);
        while (last.body().has("explanation") && explanations < 10 * BURST) {
            explanations++;
            last = encrypt(key, dora, EXPLAINED);
        }

        assertThat(explanations).isBetween(BURST, 10 * BURST - 1);
        plainlyRefused(last);
        explained(encrypt(key, home.token("emil", "auditor"), EXPLAINED));
        // What is allowed takes none.
        for (int i = 0; i < 2 * BURST; i++) {
            assertThat(encrypt(key, app, EXPLAINED).status()).isEqualTo(200);
        }
        explained(broker.call("POST", "/v1/keys/" + key + ":disable", app, "{}", EXPLAINED));
    }

    @Test
    void theDescriptionSaysItOfEachOperation() throws Exception {
        JsonNode description = broker.call("GET", "/openapi.json", null, null).body();

        int operations = 0;
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (JsonNode operation : path.getValue()) {
                boolean ofCallers = path.getKey().startsWith("/v1/");
                assertThat(operation.path("parameters").toString().contains("#/components/parameters/Prefer"))
                        .as(path.getKey())
                        .isEqualTo(ofCallers);
                assertThat(operation.at("/responses/403/$ref").asText())
                        .isEqualTo(ofCallers ? "#/components/responses/RefusedByPolicy" : "");
                operations += ofCallers ? 1 : 0;
            }
        }
        assertThat(operations).isGreaterThan(40);
        JsonNode preference = description.at("/components/parameters/Prefer");
        assertThat(preference.path("in").asText()).isEqualTo("header");
        JsonNode refused = description.at("/components/responses/RefusedByPolicy");
        assertThat(refused.path("headers").has("Preference-Applied")).isTrue();
        assertThat(refused.at("/content/application~1problem+json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/ProblemJson");
        assertThat(description
                        .at("/components/schemas/ProblemJson/properties/explanation/items/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Told");
    }
}
