package dev.keyproof.evidence.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Compliance;
import dev.keyproof.event.ComplianceFinding;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.FindingInfo;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackForm;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Population;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.testing.TestingOscal;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OscalResultsTest {
    private static final Scope YEAR = Scope.range(2026, 0);
    private static final String RULES = """
            {"keyproof":{"frameworks":{"a":{"framework":"pci-dss","version":"4.0.1","controls":[
            {"id":"3.6.1","title":"One purpose","rules":["usage/single_purpose"]},
            {"id":"3.7.4","title":"Rotation","rules":["lifecycle/cryptoperiod"]},
            {"id":"3.7.8","title":"Custodians","person":"the signed forms"}]}}}}""";

    /** States no control. */
    private static final String POLICY = "{}";

    private static final String BUNDLE = "log/2026/tile/entries/000.p/9";

    private final EventCodec codec = new EventCodec();
    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    Path dir;

    @Test
    void isValidOscal() throws Exception {
        byte[] document = document(several(), 1);

        assertThat(TestingOscal.faults(document, dir)).isEmpty();
    }

    @Test
    void whereNoFindingNamesAControlThereIsNoDocument() throws Exception {
        OscalResults oscal = new OscalResults(YEAR);
        oscal.entry(new Entry("log/2026", 0, "{\"keyproof\":\"attestation/v1\"}".getBytes(UTF_8)), BUNDLE);
        oscal.entry(new Entry("log/2026", 1, finding("no/controls", "K1", "PASS", 7)), BUNDLE);

        assertThat(documents(oscal, head(2, 1), POLICY)).isEmpty();
        assertThat(oscal.observations()).isEqualTo(1);
    }

    @Test
    void isValidOscalForOneKey() throws Exception {
        OscalResults oscal = new OscalResults(Scope.ofKey(2026, "K1"));
        oscal.entry(new Entry("log/2026", 7, finding("r", "K1", "PASS", 1, "pci-dss:3.6.1")), "records.ndjson");

        byte[] document =
                Objects.requireNonNull(documents(oscal, head(9, 1), POLICY).get(OscalResults.NAME));

        assertThat(TestingOscal.faults(document, dir)).isEmpty();
        assertThat(observations(document).get(0).at("/relevant-evidence/0/href").asText())
                .isEqualTo("../../records.ndjson");
    }

    @Test
    void theChecksFindWhatIsWrong() throws Exception {
        ObjectNode document = (ObjectNode) json(document(several(), 1));
        ((ObjectNode) document.at("/assessment-results/results/0/findings/0/related-observations/0"))
                .put("observation-uuid", "00000000-0000-4000-8000-000000000000");
        ((ObjectNode) document.at("/assessment-results/results/0")).remove("title");

        assertThat(TestingOscal.faults(mapper.writeValueAsBytes(document), dir))
                .anyMatch(fault -> fault.contains("title"))
                .anyMatch(fault -> fault.contains("00000000-0000-4000-8000-000000000000"));
    }

    @Test
    void eachFindingIsAnObservationOnItsKeyThatNamesItsEntry() throws Exception {
        byte[] document = document(several(), 1);

        assertThat(observations(document)).hasSize(several().size());
        JsonNode first = observations(document).get(0);
        String subject = first.at("/subjects/0/subject-uuid").asText();
        JsonNode items = json(document).at("/assessment-results/results/0/local-definitions/inventory-items");
        assertThat(items).anySatisfy(item -> {
            assertThat(item.path("uuid").asText()).isEqualTo(subject);
            assertThat(item.at("/props/0/value").asText()).isEqualTo("K1");
        });
        assertThat(first.at("/relevant-evidence/0/href").asText()).isEqualTo("../../" + BUNDLE);
        assertThat(first.at("/relevant-evidence/0/description").asText()).isEqualTo("Entry 0 of log/2026");
        assertThat(first.at("/collected").asText()).isEqualTo("2023-11-14T22:13:20.001Z");
    }

    @Test
    void whatFailsByLeaveIsAnObservationThatSaysSo() throws Exception {
        OscalResults oscal = new OscalResults(YEAR);
        ObjectNode excepted = (ObjectNode) mapper.readTree(finding("r", "K1", "FAIL", 1, "pci-dss:3.6.1"));
        excepted.withObject("/unmapped/keyproof/detail/evidence/exception")
                .put("name", "migration")
                .put("until", 1_795_478_400)
                .put("approval", "01A");
        oscal.entry(new Entry("log/2026", 0, mapper.writeValueAsBytes(excepted)), BUNDLE);
        oscal.entry(new Entry("log/2026", 1, finding("r", "K2", "FAIL", 2, "pci-dss:3.6.1")), BUNDLE);

        byte[] document =
                Objects.requireNonNull(documents(oscal, head(2, 1), POLICY).get(OscalResults.NAME));

        assertThat(TestingOscal.faults(document, dir)).isEmpty();
        assertThat(observations(document).toString())
                .containsOnlyOnce("\"exception\"")
                .contains("migration until 2026-11-24T00:00:00Z by approval 01A");
        assertThat(state(document, "pci-dss:3.6.1")).startsWith("not-satisfied");
    }

    @Test
    void aControlIsSatisfiedOnlyIfARulePassesAndNoneFailsOrStaysOpen() throws Exception {
        byte[] document = document(several(), 1);

        assertThat(state(document, "pci-dss:3.6.1")).isEqualTo("satisfied pass");
        assertThat(state(document, "pci-dss:3.7.4")).isEqualTo("not-satisfied fail");
        assertThat(state(document, "nist-800-57:5.3")).isEqualTo("not-satisfied other");
        assertThat(state(document, "nist-800-57:5.2")).isEqualTo("not-satisfied other");
    }

    @Test
    void aLaterVerdictTakesThePlaceOfAnEarlier() throws Exception {
        byte[] document = document(
                List.of(finding("r", "K1", "FAIL", 1, "pci-dss:3.7.4"), finding("r", "K1", "PASS", 2, "pci-dss:3.7.4")),
                1);

        assertThat(state(document, "pci-dss:3.7.4")).isEqualTo("satisfied pass");
        assertThat(observations(document)).hasSize(2);
    }

    @Test
    void whatFailsIsInThePlanWithItsObservationsAndNothingElse() throws Exception {
        byte[] plan = plan(several());

        assertThat(TestingOscal.faults(plan, dir)).isEmpty();
        JsonNode inside = json(plan).path("plan-of-action-and-milestones");
        assertThat(inside.path("poam-items")).hasSize(1);
        assertThat(inside.at("/poam-items/0/title").asText()).isEqualTo("pci-dss:3.7.4");
        assertThat(inside.path("observations")).hasSize(1);
        assertThat(inside.at("/observations/0"))
                .isEqualTo(observations(document(several(), 1)).get(2));
        assertThat(inside.at("/poam-items/0/related-observations/0/observation-uuid"))
                .isEqualTo(inside.at("/observations/0/uuid"));
        assertThat(plan(several())).isEqualTo(plan);
    }

    @Test
    void whereNothingFailsAnyMoreThereIsNoPlan() throws Exception {
        assertThat(documents(
                        List.of(
                                finding("r", "K1", "FAIL", 1, "pci-dss:3.7.4"),
                                finding("r", "K1", "PASS", 2, "pci-dss:3.7.4")),
                        1))
                .containsOnlyKeys(OscalResults.NAME, Population.NAME);
    }

    @Test
    void thePlanOfAssessmentIsWhatThePoliciesAskAndTheResultsImportIt() throws Exception {
        Map<String, byte[]> documents = documents(several(), 1, RULES);
        byte[] plan = Objects.requireNonNull(documents.get(OscalResults.ASSESSMENT_PLAN));
        byte[] results = Objects.requireNonNull(documents.get(OscalResults.NAME));

        assertThat(TestingOscal.faults(plan, dir)).isEmpty();
        assertThat(TestingOscal.faults(results, dir)).isEmpty();
        JsonNode inside = json(plan).path("assessment-plan");
        JsonNode activities = inside.at("/local-definitions/activities");
        assertThat(activities).hasSize(2);
        assertThat(activities.get(0).path("title").asText()).isEqualTo("Rule lifecycle/cryptoperiod");
        assertThat(activities
                        .get(0)
                        .at("/related-controls/control-selections/0/include-controls")
                        .toString())
                .isEqualTo("[{\"control-id\":\"pci-dss_3.7.4\"}]");
        assertThat(inside.at("/reviewed-controls/control-selections/0/include-controls"))
                .hasSize(3);
        assertThat(inside.at("/tasks/0/associated-activities")).hasSize(2);
        String resource = json(results).at("/assessment-results/import-ap/href").asText();
        assertThat(json(results)
                        .at("/assessment-results/back-matter/resources/0/uuid")
                        .asText())
                .isEqualTo(resource.substring(1));
        assertThat(json(results)
                        .at("/assessment-results/back-matter/resources/0/rlinks/0/href")
                        .asText())
                .isEqualTo("assessment-plan.json");
        assertThat(documents(several(), 1, RULES).get(OscalResults.ASSESSMENT_PLAN))
                .isEqualTo(plan);
        assertThat(state(results, "pci-dss:3.7.8")).isEqualTo("not-satisfied other");
    }

    @Test
    void aPlanThatNobodyCarriedOutHasResultsThatSaySo() throws Exception {
        Map<String, byte[]> documents = documents(List.of(), 1, RULES);
        byte[] results = Objects.requireNonNull(documents.get(OscalResults.NAME));

        assertThat(TestingOscal.faults(Objects.requireNonNull(documents.get(OscalResults.ASSESSMENT_PLAN)), dir))
                .isEmpty();
        assertThat(TestingOscal.faults(results, dir)).isEmpty();
        assertThat(json(results).at("/assessment-results/results/0/findings")).hasSize(3);
        assertThat(state(results, "pci-dss:3.6.1")).isEqualTo("not-satisfied other");
    }

    @Test
    void theSameScopeAndLogGiveTheSameBytesAndAnotherLogOtherNames() throws Exception {
        assertThat(document(several(), 1)).isEqualTo(document(several(), 1));
        assertThat(json(document(several(), 1)).at("/assessment-results/uuid"))
                .isNotEqualTo(json(document(several(), 2)).at("/assessment-results/uuid"));
    }

    private List<byte[]> several() throws Exception {
        return List.of(
                finding("material/strength", "K1", "PASS", 1, "pci-dss:3.6.1"),
                finding("usage/single_purpose", "K2", "NOT-APPLICABLE", 2, "pci-dss:3.6.1", "nist-800-57:5.2"),
                finding("lifecycle/cryptoperiod", "K1", "FAIL", 3, "pci-dss:3.7.4"),
                finding("lifecycle/cryptoperiod", "K2", "PASS", 4, "pci-dss:3.7.4"),
                finding("inventory/accountability", "K2", "NOT-EVALUATED", 5, "nist-800-57:5.3"),
                finding("inventory/accountability", "K1", "PASS", 6, "nist-800-57:5.3"),
                finding("no/controls", "", "PASS", 7));
    }

    private byte[] finding(String rule, String key, String verdict, int number, String... controls) throws Exception {
        return codec.encode(new ComplianceFinding(
                1,
                1_700_000_000_000L + number,
                Severity.INFORMATIONAL,
                rule + ": " + verdict,
                Metadata.of("uid-" + number, Product.keyproof("stream-analytics")),
                new FindingInfo("uid-" + number, "Title of " + rule, null, null, null, null, null, null),
                new Compliance(
                        rule, List.of(), List.of(controls), Compliance.Result.OTHER, verdict, null, "description"),
                null,
                key.isEmpty() ? List.of() : List.of(Resource.key(key, null, null)),
                codec.mapper().createObjectNode()));
    }

    private static byte[] document(List<byte[]> entries, int root) throws Exception {
        return Objects.requireNonNull(documents(entries, root).get(OscalResults.NAME));
    }

    private static byte[] plan(List<byte[]> entries) throws Exception {
        return Objects.requireNonNull(documents(entries, 1).get(OscalResults.PLAN));
    }

    private static Map<String, byte[]> documents(List<byte[]> entries, int root) throws Exception {
        return documents(entries, root, POLICY);
    }

    private static Map<String, byte[]> documents(OscalResults oscal, Manifest.Log head, String policy)
            throws Exception {
        Map<String, byte[]> documents = new TreeMap<>();
        List<PolicyBundle> policies = List.of(PolicyBundle.read(TestingPack.policy(policy)));
        for (var document : oscal.documents(
                        PackForm.current(), List.of(head), policies, oscal.population(policies, List.of()))
                .entrySet()) {
            documents.put(document.getKey(), document.getValue().bytes());
        }
        return documents;
    }

    private static Map<String, byte[]> documents(List<byte[]> entries, int root, String policy) throws Exception {
        OscalResults oscal = new OscalResults(YEAR);
        for (int i = 0; i < entries.size(); i++) {
            oscal.entry(new Entry("log/2026", i, entries.get(i)), BUNDLE);
        }
        return documents(oscal, head(entries.size(), root), policy);
    }

    private static Manifest.Log head(long size, int root) {
        byte[] hash = new byte[32];
        hash[0] = (byte) root;
        return new Manifest.Log(TestingPack.ORIGIN, TestingPack.LOG, 0, size, hash);
    }

    private JsonNode observations(byte[] document) throws Exception {
        return json(document).at("/assessment-results/results/0/observations");
    }

    private String state(byte[] document, String control) throws Exception {
        for (JsonNode finding : json(document).at("/assessment-results/results/0/findings")) {
            if (finding.path("title").asText().equals(control)) {
                JsonNode status = finding.at("/target/status");
                return status.path("state").asText() + " "
                        + status.path("reason").asText();
            }
        }
        return "none";
    }

    private JsonNode json(byte[] document) throws Exception {
        return mapper.readTree(document);
    }
}
