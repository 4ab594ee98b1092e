package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import dev.keyproof.policy.PolicyBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint that the API describes, by every role: what policy said is read from the record of each call, and held against the roles of
 * policy's data. {@code AUTHORISATION.md} is what came out.
 */
@Tag("server")
class AuthorisationMatrixTest {
    private static final Path PAGE = Path.of("..", "AUTHORISATION.md");
    private static final String NOBODY = "nobody";
    /** Of a key, an approval or an elevation that there is not: policy is asked all the same. */
    private static final String UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static final String DESTRUCTION = "{'operation':'DestroyKey','key':'" + UNKNOWN + "','change':'CHG-1'}";
    private static final String ELEVATION =
            "{'role':'custodian','minutes':5,'tags':{'team':'shop'},'reason':'matrix','change':'CHG-1'}";

    /** What is answered to everyone. */
    private static final Set<String> OPEN = Set.of("GET /health", "GET /healthz", "GET /readyz");

    /** Bodies without which a call cannot be told; all others get an empty object. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("POST /v1/keys", "{'name':'matrix','algorithm':'AES_256_GCM'}"),
            Map.entry("POST /v1/keys/{id}:schedule-destruction", "{'days':30}"),
            Map.entry(
                    "POST /v1/keys/{id}:grant-exception",
                    "{'exception':'matrix','rule':'lifecycle/dormant','days':9,'reason':'a','compensating':'b'}"),
            Map.entry("POST /v1/keys/{id}:withdraw-exception", "{'exception':'matrix','reason':'a'}"),
            Map.entry("PUT /v1/kill-switch", "{'on':true}"),
            Map.entry("POST /v1/holds", "{'hold':'matter-7','fromYear':2026,'toYear':2027,'reason':'matrix'}"),
            Map.entry("POST /v1/holds/{hold}:release", "{'reason':'matrix'}"),
            Map.entry("POST /v1/approvals", DESTRUCTION),
            Map.entry("POST /v1/elevations", ELEVATION),
            Map.entry("POST /v1/elevations/{id}/review", "{'verdict':'justified','text':'as it should be'}"));

    private final Map<String, String> ids = new LinkedHashMap<>();
    private final Map<String, String> bodies = new LinkedHashMap<>(BODIES);

    /** Calls that policy was not asked about. */
    private final Set<String> undecided = new TreeSet<>();

    /** What was recorded of a call. */
    private record Cell(String operation, boolean permitted) {}

    @Test
    void everyEndpointAnswersEveryRoleAsPolicySays() throws Exception {
        JsonNode roles = PolicyBundle.builtIn()
                .data()
                .path("keyproof")
                .path("parameters")
                .path("roles");
        List<String> callers = new ArrayList<>();
        roles.fieldNames().forEachRemaining(callers::add);
        // The broker's own role is dropped from whatever token brings it.
        callers.remove("scheduler");
        callers.add(NOBODY);
        Map<String, Map<String, Cell>> matrix = new TreeMap<>();
        try (TestHome home = TestHome.create();
                BrokerProcess broker = home.start()) {
            Map<String, Map<String, Reply>> replies = new LinkedHashMap<>();
            String key = id(broker.post(
                    "/v1/keys", home.token("root", "administrator"), "{'name':'matrix','algorithm':'AES_256_GCM'}"));
            ids.put(
                    "/v1/approvals/",
                    id(broker.post(
                            "/v1/approvals", home.token("root", "administrator"), DESTRUCTION.replace(UNKNOWN, key))));
            String enrolment = id(broker.post(
                    "/v1/approvers",
                    home.token("root", "administrator"),
                    "{'approver':'fred','jwk':" + home.newApprover("fred")
                            + ",'roles':['custodian'],'change':'CHG-1'}"));
            bodies.put("PUT /v1/approvers/{id}", "{'approval':'" + enrolment + "'}");
            ids.put("/v1/approvers/", "fred");
            ids.put("/v1/elevations/", id(broker.post("/v1/elevations", home.token("olga", "operator"), ELEVATION)));
            JsonNode paths =
                    broker.call("GET", "/openapi.json", null, null).body().path("paths");
            for (String path : (Iterable<String>) paths::fieldNames) {
                for (String verb : (Iterable<String>) paths.path(path)::fieldNames) {
                    String endpoint = verb.toUpperCase(Locale.ROOT) + " " + path;
                    if (!OPEN.contains(endpoint)) {
                        assertThat(call(broker, endpoint, null).status())
                                .as(endpoint)
                                .isEqualTo(401);
                        for (String caller : callers) {
                            String token = caller.equals(NOBODY)
                                    ? home.token("matrix-" + caller)
                                    : home.token("matrix-" + caller, caller);
                            replies.computeIfAbsent(endpoint, any -> new LinkedHashMap<>())
                                    .put(caller, call(broker, endpoint, token));
                        }
                    }
                }
            }
            Records records = Records.of(home.journal());
            replies.forEach((endpoint, byCaller) ->
                    byCaller.forEach((caller, reply) -> matrix.computeIfAbsent(endpoint, any -> new LinkedHashMap<>())
                            .put(caller, cell(records, endpoint, reply))));
        }

        assertThat(undecided).isEmpty();
        assertThat(matrix).hasSizeGreaterThan(40);
        matrix.forEach((endpoint, byCaller) -> byCaller.forEach((caller, cell) -> {
            boolean expected = false;
            for (JsonNode operation : roles.path(caller)) {
                expected |= operation.asText().equals(cell.operation());
            }
            assertThat(cell.permitted())
                    .as("%s, which is %s, by %s", endpoint, cell.operation(), caller)
                    .isEqualTo(expected);
        }));
        String page = page(matrix, callers);
        if (Boolean.getBoolean("keyproof.write-pages")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("key-broker/AUTHORISATION.md is behind the code; run this test with -Dkeyproof.write-pages=true")
                .isEqualTo(page);
    }

    /** Of what must be there before policy is asked; of all else, of nothing. */
    private String id(String endpoint) {
        return ids.entrySet().stream()
                .filter(known -> endpoint.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(UNKNOWN);
    }

    private static String id(Reply made) {
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        JsonNode body = made.body();
        return (body.has("elevation") ? body.path("elevation") : body)
                .path("id")
                .asText();
    }

    private Reply call(BrokerProcess broker, String endpoint, @Nullable String token) throws Exception {
        String verb = endpoint.substring(0, endpoint.indexOf(' '));
        String path = endpoint.substring(verb.length() + 1).replaceAll("\\{[a-z]+}", id(endpoint));
        String body = bodies.getOrDefault(endpoint, "{}").replace('\'', '"');
        return broker.call(verb, path, token, verb.equals("GET") || verb.equals("DELETE") ? null : body);
    }

    /** Policy's word on the role alone: a call may be refused for more than that. */
    private Cell cell(Records records, String endpoint, Reply reply) {
        JsonNode event = records.at(Optional.of(reply.record().orElse(""))
                .filter(record -> !record.isEmpty())
                .orElseThrow(() -> new AssertionError(endpoint + " is not on the record: " + reply)));
        JsonNode reasons =
                Records.keyproof(event).path("decision").path("result").path("reasons");
        if (reasons.isEmpty()) {
            undecided.add(endpoint + " " + reply.status() + " " + reply.body());
        }
        boolean permitted = true;
        for (JsonNode reason : reasons) {
            permitted &= !reason.asText().equals("role-not-permitted");
        }
        return new Cell(event.path("api").path("operation").asText(), permitted);
    }

    private static String page(Map<String, Map<String, Cell>> matrix, List<String> callers) {
        StringBuilder page = new StringBuilder("""
                # Who may call what

                Made by `AuthorisationMatrixTest` from a broker that was called at every endpoint by every role, under the policy that ships. A tick
                says that the role permits the operation; other checks (state, hat, quorum, change, conditions) come on top.

                """);
        page.append("| endpoint | operation | ")
                .append(String.join(" | ", callers))
                .append(" |\n");
        page.append("|---".repeat(callers.size() + 2)).append("|\n");
        matrix.forEach((endpoint, byCaller) -> {
            page.append("| `").append(endpoint).append("` | ");
            page.append(byCaller.values().iterator().next().operation()).append(" |");
            byCaller.values().forEach(cell -> page.append(cell.permitted() ? " ✓ |" : " |"));
            page.append('\n');
        });
        return page.toString();
    }
}
