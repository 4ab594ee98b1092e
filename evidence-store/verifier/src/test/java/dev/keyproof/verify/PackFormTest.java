package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What must be in a pack follows from the form that it states: packs of today are whole, and those that somebody kept stay good. */
final class PackFormTest {
    private static final String POLICY = """
            {"keyproof":{"parameters":{"persons":{},"retention":{"noticeDays":30,"classes":{
            "operation":{"months":72,"atHandMonths":24},"finding":{"months":12,"atHandMonths":3}}}},
            "frameworks":{"a":{"framework":"pci-dss","version":"4","controls":[
            {"id":"3.6.1","title":"One purpose","rules":["r"]},
            {"id":"3.7.4","title":"Rotation","rules":["r","s"]},
            {"id":"3.7.8","title":"Custodians","person":"the signed forms"},
            {"id":"3.7.9","title":"Guidance","rules":["t"]}]}}}}""";

    private final TestingPack testing = new TestingPack(POLICY);
    private final List<byte[]> entries = entries();

    /** Made by the code before there was another form: whole, and of its first days, when a plan could be missing. */
    @Test
    void packsThatWereMadeBeforeStayProven() throws Exception {
        for (String name : List.of("pack-v1", "pack-v1-bare")) {
            Summary summary = Verifying.proven(
                    resource(name + ".zip"),
                    TrustFile.parse(new String(resource(name + ".trust"), StandardCharsets.UTF_8)));

            assertThat(summary.findings()).isEqualTo(3);
            assertThat(summary.notes())
                    .containsExactly(
                            "The pack is of the form pack/v1: which controls were to be assessed on which keys, and how long"
                                    + " evidence is kept, is not in it.",
                            "Whether their certificates were revoked is not said in the pack, which holds no"
                                    + " revocation list for: Test log, Test signer, Test time.");
        }
        assertThat(new String(TestingZip.file(resource("pack-v1-bare.zip"), Manifest.NAME), StandardCharsets.UTF_8))
                .contains("pack/v1")
                .doesNotContain(OscalResults.PLAN);
    }

    @Test
    void ofAPackOfTodayNothingMayBeMissing() {
        assertThat(Verifying.proven(pack(), testing.trust()).findings()).isEqualTo(5);
        for (String name : List.of(
                OscalResults.NAME,
                OscalResults.PLAN,
                OscalResults.ASSESSMENT_PLAN,
                Population.NAME,
                RetentionClasses.NAME)) {
            byte[] less = testing.pack(entries, testing.signer, files -> {
                assertThat(files).containsKey(name);
                files.remove(name);
            });

            assertThat(Verifying.broken(less, testing.trust()))
                    .isEqualTo(name + ": follows from the entries and is not there");
        }
    }

    @Test
    void norMayItSayAnythingElse() {
        for (String name : List.of(OscalResults.ASSESSMENT_PLAN, Population.NAME, RetentionClasses.NAME)) {
            byte[] other = testing.pack(
                    entries, testing.signer, files -> files.put(name, "{}".getBytes(StandardCharsets.UTF_8)));

            assertThat(Verifying.broken(other, testing.trust()))
                    .isEqualTo(name + ", byte 1: is not what follows from the entries");
        }
    }

    @Test
    void eachControlInForceSaysOnHowManyKeysItWasJudged() throws Exception {
        JsonNode population = json(Population.NAME);

        // K1 has a state, K2 and K3 findings alone.
        assertThat(population.at("/keys/count").asInt()).isEqualTo(3);
        assertThat(controls(population))
                .containsExactly(
                        "pci-dss:3.6.1 3/2 FAIL 0 NOT-EVALUATED 1 PASS 2 NOT-APPLICABLE 0",
                        "pci-dss:3.7.4 3/2 FAIL 1 NOT-EVALUATED 1 PASS 1 NOT-APPLICABLE 0",
                        "pci-dss:3.7.8 3/0 FAIL 0 NOT-EVALUATED 3 PASS 0 NOT-APPLICABLE 0",
                        "pci-dss:3.7.9 3/0 FAIL 0 NOT-EVALUATED 3 PASS 0 NOT-APPLICABLE 0");
        assertThat(population.at("/controls/2/person").asText()).isEqualTo("the signed forms");
        assertThat(population.at("/controls/0/standing").asText()).isEqualTo("NOT-EVALUATED");
        assertThat(population.at("/controls/1/standing").asText()).isEqualTo("FAIL");
        // What the verdicts were reached on: a digest for each state that somebody looked at.
        assertThat(population.at("/controls/0/inputs/policies/0").asText()).isEqualTo("sha256:p");
        assertThat(population.at("/controls/0/inputs/dataSets/0").asText()).isEqualTo("sha256:d");
        assertThat(population.at("/controls/0/inputs/states/count").asInt()).isEqualTo(2);
        assertThat(population.at("/controls/0/inputs/states/sha256").asText())
                .isEqualTo(Digests.hex("sha256:K1\nsha256:K2\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatNobodyEvaluatedIsInTheResultsAndSaysSo() throws Exception {
        JsonNode findings = json(OscalResults.NAME).at("/assessment-results/results/0/findings");

        assertThat(findings).hasSize(4);
        assertThat(findings.get(3).path("title").asText()).isEqualTo("pci-dss:3.7.9");
        assertThat(findings.get(3).at("/target/status").toString())
                .isEqualTo("{\"reason\":\"other\",\"state\":\"not-satisfied\"}");
        assertThat(findings.get(3).path("props"))
                .anyMatch(prop -> prop.path("name").asText().equals("NOT-EVALUATED")
                        && prop.path("value").asText().equals("3"));
        assertThat(findings.get(2).path("description").asText())
                .isEqualTo("No verdict on any key is in here. A person must answer for it: the signed forms.");
    }

    @Test
    void theClassesAreThoseOfThePolicyDataInThePack() throws Exception {
        JsonNode classes = json(RetentionClasses.NAME);

        assertThat(classes.at("/longest/classes/finding").toString()).isEqualTo("{\"atHandMonths\":3,\"months\":12}");
        assertThat(classes.at("/dataSets/0/data").asText())
                .isEqualTo(testing.policyBundle().dataDigest());
        assertThat(classes.at("/dataSets/0/noticeDays").asInt()).isEqualTo(30);
    }

    private List<byte[]> entries() {
        List<byte[]> all = new ArrayList<>(testing.entries(8));
        all.add(finding("r", "K1", "PASS", "3.6.1", "3.7.4"));
        all.add(finding("s", "K1", "PASS", "3.7.4"));
        all.add(finding("r", "K2", "PASS", "3.6.1"));
        all.add(finding("s", "K3", "FAIL", "3.7.4"));
        return all;
    }

    private static byte[] finding(String rule, String key, String verdict, String... controls) {
        List<String> named = new ArrayList<>();
        for (String control : controls) {
            named.add("\"pci-dss:" + control + "\"");
        }
        return ("{\"class_uid\":2003,\"time\":1700000000000,\"compliance\":{\"control\":\"" + rule
                        + "\",\"requirements\":[" + String.join(",", named) + "],\"status_code\":\"" + verdict
                        + "\"},\"metadata\":{\"uid\":\"" + rule + key + "\"},\"resources\":[{\"uid\":\"" + key
                        + "\"}],\"unmapped\":{\"keyproof\":{\"detail\":{\"policy\":\"sha256:p\",\"data\":\"sha256:d\","
                        + "\"state\":\"sha256:" + key + "\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> controls(JsonNode population) {
        return StreamSupport.stream(population.path("controls").spliterator(), false)
                .map(control -> {
                    StringBuilder text =
                            new StringBuilder(control.path("control").asText() + " " + control.at("/keys/inScope") + "/"
                                    + control.at("/keys/evaluated"));
                    for (Population.Standing one : Population.Standing.values()) {
                        text.append(' ')
                                .append(one.word())
                                .append(' ')
                                .append(control.path("verdicts").path(one.word()));
                    }
                    return text.toString();
                })
                .toList();
    }

    private JsonNode json(String name) throws IOException {
        return CanonicalJson.MAPPER.readTree(TestingZip.file(pack(), name));
    }

    private byte[] pack() {
        return testing.pack(entries);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PackFormTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }
}
