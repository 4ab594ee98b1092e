package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.TestingRepository.Said;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The sample repository as an organisation has it: its pull requests, reviewed by the command over some thousands of decisions of its
 * services that the engine made and a real log sealed.
 */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampleRepositoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SAMPLE = Path.of("../sample-repository");
    private static final Path ACTION = TestingRepository.KEYPROOF.resolve(".github/actions/policy-review/action.yml");
    private static final String OVERLAY = "policy/overlay.json";
    private static final int CALLS = 600;

    private TestingRepository repository;
    private Path log;
    private Path bundles;
    private int branches;

    @BeforeAll
    void repository(@TempDir Path dir) throws Exception {
        repository = TestingRepository.of(SAMPLE, Path.of(""), dir.resolve("policy-of-example"));
        bundles = Files.createDirectory(dir.resolve("bundles"));
        Path bundle = repository.built("policy", bundles.resolve("base.tar.gz"));
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.read(bundle));
        TestingHistory history = new TestingHistory(engine);
        for (int i = 0; i < CALLS; i++) {
            sign(history, "payments", "10.1.0." + i % 200);
            sign(history, "invoices", "10.2.0." + i % 200);
            sign(history, "batch-report", "192.168.3." + i % 200);
            history.call("Encrypt", "ledger", "application", "K1", "encrypt");
            history.call("Decrypt", "ledger", "application", "K1", "encrypt");
            history.call("Encrypt", "visitor", "auditor", "K1", "encrypt");
        }
        for (int i = 0; i < 12; i++) {
            history.created("LEDGER" + i, 200 + i, 60);
        }
        log = history.sealed(dir.resolve("log"));
    }

    private static void sign(TestingHistory history, String actor, String source) {
        ObjectNode input = TestingHistory.input("Sign", actor, "application", "K2", "sign");
        input.withObject("/key/tags").put("stage", "prod");
        input.withObject("/request").put("source", source);
        history.add(history.event("operation", input));
    }

    @BeforeEach
    void branch() throws Exception {
        repository.branch("change-" + ++branches);
    }

    /** As where an installation's overlays are merged: {@code null} takes a value away, whether theirs or within what is new. */
    @Test
    void itsOverlayIsAMergePatchAsAnInstallationsIs() throws Exception {
        repository.change(OVERLAY, "\"idempotency\": {\"hours\": 48}", """
                "idempotency": {"hours": 48},
                "persons": {"ann": ["ann-mobile"], "bob": null},
                "roles": {"auditor": null, "reader": ["GetKey"]},
                "throttle": {"explanations": null}""");

        PolicyBundle built = PolicyBundle.read(repository.built("policy", bundles.resolve("patched.tar.gz")));

        JsonNode parameters = built.data().at("/keyproof/parameters");
        assertThat(parameters.at("/throttle").has("explanations")).isFalse();
        assertThat(parameters.at("/roles").has("auditor")).isFalse();
        assertThat(parameters.at("/persons").toString()).isEqualTo("{\"ann\":[\"ann-mobile\"]}");
        Overlay overlay = Overlay.read(repository.root().resolve(OVERLAY));
        assertThat(built.data())
                .isEqualTo(EffectivePolicy.of(PolicyBundle.builtIn(), List.of(overlay))
                        .bundle()
                        .data());
    }

    private void push(String before, String after, String message) throws Exception {
        repository.change(OVERLAY, before, after);
        repository.commit(message);
    }

    private Said review(String... more) {
        return repository.review(
                "main",
                "policy",
                Stream.concat(Stream.of("--replay", log.toString(), "--policies", bundles.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    private void isProven(JsonNode example) throws Exception {
        List<Hash> path = new ArrayList<>();
        example.path("proof")
                .forEach(hash -> path.add(Hash.of(Base64.getDecoder().decode(hash.asText()))));
        InclusionProof proof = new InclusionProof(
                example.path("index").asLong(), example.path("size").asLong(), path);
        try (SealedLogReader reader = SealedLogReader.open(log)) {
            byte[] entry = reader.read(example.path("index").asLong(), 1).getFirst();
            assertThat(proof.verifies(
                            new TreeHasher().leaf(entry),
                            new TileFolder(log).checkpoint().checkpoint().root()))
                    .isTrue();
        }
    }

    private static Document xml(Path file) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static JsonNode sarif(Path reports) throws Exception {
        return TestingSarif.run(Files.readString(reports.resolve("review.sarif")))
                .path("results");
    }

    @Test
    void aHarmlessChangePasses(@TempDir Path reports) throws Exception {
        push("\"idempotency\": {\"hours\": 48}", "\"idempotency\": {\"hours\": 12}", "Half a day is enough");

        Said said = review("--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).as("%s", said).isZero();
        assertThat(Files.readString(reports.resolve("review.md")))
                .contains(
                        "**No past decision changes.**",
                        "**No verdict of the rules changes.**",
                        "replayed = sealed: 3,612 of 3,612");
        assertThat(sarif(reports)).isEmpty();
        assertThat(xml(reports.resolve("review.xml"))
                        .getElementsByTagName("failure")
                        .getLength())
                .isZero();
        JsonNode json = JSON.readTree(reports.resolve("review.json").toFile());
        assertThat(json.at("/replay/same").asInt()).isEqualTo(6 * CALLS + 12);
        assertThat(json.at("/head/policy")).isNotEqualTo(json.at("/base/policy"));
    }

    @Test
    void whoLocksAServiceOutIsTold(@TempDir Path reports) throws Exception {
        push("\"10.1.0.0/16\", ", "", "The first office is closed");

        Said said = review("--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        JsonNode json = JSON.readTree(reports.resolve("review.json").toFile());
        JsonNode flips = json.at("/replay/flips");
        assertThat(flips).hasSize(1);
        assertThat(flips.at("/0/change").asText()).isEqualTo("locked");
        assertThat(flips.at("/0/operation").asText()).isEqualTo("Sign");
        assertThat(flips.at("/0/actor").asText()).isEqualTo("payments");
        assertThat(flips.at("/0/key").asText()).isEqualTo("K2");
        assertThat(flips.at("/0/before/0").asText()).isEqualTo("granted");
        assertThat(flips.at("/0/after/0").asText()).isEqualTo("condition:production-network");
        assertThat(flips.at("/0/count").asInt()).isEqualTo(CALLS);
        assertThat(flips.at("/0/examples")).hasSize(3);
        for (JsonNode example : flips.at("/0/examples")) {
            isProven(example);
        }
        assertThat(Files.readString(reports.resolve("review.md")))
                .contains(
                        "- **600** allowed before, refused now",
                        "| 600 | `Sign` | `payments` | `K2` | `granted` | `condition:production-network` |");
        JsonNode sarif = sarif(reports);
        assertThat(sarif).hasSize(1);
        assertThat(sarif.findValuesAsText("uri")).containsExactly(OVERLAY);
        assertThat(sarif.at("/0/ruleId").asText()).isEqualTo("replay/locked");
        Element failure = (Element) xml(reports.resolve("review.xml"))
                .getElementsByTagName("failure")
                .item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("600 allowed before, refused now");
        assertThat(failure.getTextContent()).isEqualTo("600 Sign payments K2\n");
    }

    @Test
    void whatSilentlyOpensIsTold(@TempDir Path reports) throws Exception {
        push("\"stage\": \"prod\"", "\"stage\": \"production\"", "Spells it out");

        Said said = review("--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        JsonNode flips = JSON.readTree(reports.resolve("review.json").toFile()).at("/replay/flips");
        assertThat(flips).hasSize(1);
        assertThat(flips.at("/0/change").asText()).isEqualTo("opened");
        assertThat(flips.at("/0/actor").asText()).isEqualTo("batch-report");
        assertThat(flips.at("/0/count").asInt()).isEqualTo(CALLS);
        isProven(flips.at("/0/examples/0"));
        assertThat(Files.readString(reports.resolve("review.md")))
                .contains("| 600 | `Sign` | `batch-report` | `K2` | `condition:production-network` | `granted` |");
        JsonNode sarif = sarif(reports);
        assertThat(sarif.at("/0/ruleId").asText()).isEqualTo("replay/opened");
        assertThat(sarif.at("/0/level").asText()).isEqualTo("error");
        assertThat(xml(reports.resolve("review.xml"))
                        .getElementsByTagName("failure")
                        .getLength())
                .isEqualTo(1);
    }

    @Test
    void whatExcusesKeysIsTold(@TempDir Path reports) throws Exception {
        push("\"rotation\": {", "\"tolerances\": {\"dormantDays\": 365},\n  \"rotation\": {", "The ledger sleeps long");

        Said said = review("--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        JsonNode json = JSON.readTree(reports.resolve("review.json").toFile());
        assertThat(json.at("/replay/flips")).isEmpty();
        JsonNode flips = json.at("/standing/flips");
        assertThat(flips).hasSize(1);
        assertThat(flips.at("/0/rule").asText()).isEqualTo("lifecycle/dormant");
        assertThat(flips.at("/0/change").asText()).isEqualTo("excused");
        assertThat(flips.at("/0/count").asInt()).isEqualTo(12);
        isProven(flips.at("/0/examples/0"));
        assertThat(Files.readString(reports.resolve("review.md")))
                .contains("- **12** failed before, fails no more", "### Controls that this touches");
        // What is meant passes, up to as many keys as are known to be meant.
        assertThat(review("--fail-on", "excused=12").code()).isZero();
        assertThat(review("--to", "2026-04-01", "--format", "json").code())
                .as("there were none then")
                .isZero();
    }

    @Test
    void whatIsAgainstTheBoundsOrTheExpectationsIsNotReplayed() throws Exception {
        repository.change(OVERLAY, "\"days\": 60", "\"days\": 0");
        assertThat(review()).satisfies(said -> {
            assertThat(said.code()).isEqualTo(2);
            assertThat(said.err())
                    .contains(
                            "\nkeyproof: policy: overlay.json leaves the bounds of the packs (the policy of the working tree):\n",
                            "rotation.encrypt.days");
        });

        repository.git("checkout", "--quiet", OVERLAY);
        repository.change(OVERLAY, "\"10.1.0.0/16\", \"10.2.0.0/16\"", "\"10.9.0.0/16\"");
        assertThat(review()).satisfies(said -> {
            assertThat(said.code()).isEqualTo(2);
            assertThat(said.err())
                    .contains(
                            "\nkeyproof: policy: this is not what the organisation relies on (the policy of",
                            "test_a_service_signs")
                    .doesNotContain("/keyproof-review");
        });
        repository.git("checkout", "--quiet", OVERLAY);
    }

    @Test
    void anOverlayThatIsNoneIsSaidInALine(@TempDir Path dir) throws Exception {
        Path overlay = repository.root().resolve(OVERLAY);
        for (String text : List.of("", "[]", "{\"idempotency\": {\"hours\": 12},}")) {
            Files.writeString(overlay, text);
            assertThat(build(dir)).isEqualTo(new Said(1, "policy: overlay.json is no JSON object\n", ""));
        }

        Files.delete(overlay);
        assertThat(build(dir)).isEqualTo(new Said(1, "policy: there is no overlay.json\n", ""));
        repository.git("checkout", "--quiet", OVERLAY);
    }

    private Said build(Path dir) throws Exception {
        return repository.run(
                Map.of("KEYPROOF", TestingRepository.KEYPROOF.toString()),
                "sh",
                "policy/build.sh",
                dir.resolve("bundle.tar.gz").toString());
    }

    @Test
    void theRecipeForAnyPipelineIsTheReview(@TempDir Path dir) throws Exception {
        push("\"10.1.0.0/16\", ", "", "The first office is closed");

        Said said = repository.run(
                Map.of(
                        "KEYPROOF", TestingKeyproof.in(dir).toString(),
                        "HISTORY", log.toString(),
                        "POLICIES", bundles.toString()),
                "sh",
                "ci.sh",
                "main");

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        assertThat(Files.readString(repository.root().resolve("review/review.md")))
                .contains("- **600** allowed before, refused now");
        assertThat(Stream.of("review.sarif", "review.xml", "review.json")
                        .map(repository.root().resolve("review")::resolve))
                .allSatisfy(report -> assertThat(report).isNotEmptyFile());
        repository.git("clean", "--quiet", "--force", "-d");
    }

    @Test
    void theActionRunsTheReviewAndPublishesIt(@TempDir Path dir) throws Exception {
        push("\"stage\": \"prod\"", "\"stage\": \"production\"", "Spells it out");
        JsonNode action = yaml(ACTION);
        JsonNode step = action.at("/runs/steps")
                .valueStream()
                .filter(one -> one.path("id").asText().equals("review"))
                .findFirst()
                .orElseThrow();
        Map<String, String> environment = new HashMap<>();
        step.path("env")
                .properties()
                .forEach(name ->
                        environment.put(name.getKey(), given(name.getValue().asText(), action)));
        environment.put("KEYPROOF", TestingKeyproof.in(dir).toString());
        environment.put("GITHUB_OUTPUT", dir.resolve("output").toString());
        environment.put("GITHUB_STEP_SUMMARY", dir.resolve("summary").toString());

        Said said = repository.run(
                environment,
                "bash",
                "-e",
                "-o",
                "pipefail",
                "-c",
                step.path("run").asText());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        assertThat(dir.resolve("output")).hasContent("code=1\nreported=true\n");
        assertThat(Files.readString(dir.resolve("summary"))).contains("- **600** refused before, allowed now");
        assertThat(repository.root().resolve("review/review.sarif")).isNotEmptyFile();
        repository.git("clean", "--quiet", "--force", "-d");
    }

    /** What the runner puts in for an expression. */
    private String given(String text, JsonNode action) {
        Map<String, String> inputs = Map.of("base", "main", "replay", log.toString(), "policies", bundles.toString());
        String known = text;
        for (Map.Entry<String, JsonNode> input : action.path("inputs").properties()) {
            known = known.replace(
                    "${{ inputs." + input.getKey() + " }}",
                    inputs.getOrDefault(
                            input.getKey(), input.getValue().path("default").asText()));
        }
        return known;
    }

    @Test
    void whatPullRequestsSayReachesNoShellAsItsText() throws Exception {
        JsonNode action = yaml(ACTION);
        JsonNode workflow = yaml(SAMPLE.resolve(".github/workflows/policy.yml"));

        List<String> scripts = action.at("/runs/steps").findValuesAsText("run");
        assertThat(scripts).hasSize(2).allSatisfy(script -> assertThat(script).doesNotContain("${{"));
        // A workflow that runs with the rights of the target branch would run what a stranger proposes.
        assertThat(workflow.path("on").fieldNames()).toIterable().containsExactly("pull_request");
        JsonNode with = workflow.at("/jobs/review/steps")
                .valueStream()
                .filter(step -> step.path("uses").asText().contains("/.github/actions/policy-review@"))
                .findFirst()
                .orElseThrow()
                .path("with");
        assertThat(with.fieldNames()).toIterable().containsExactly("base", "packs", "replay", "trust");
        assertThat(action.path("inputs").fieldNames())
                .toIterable()
                .containsAll(List.of("base", "packs", "replay", "trust"));
    }

    private static JsonNode yaml(Path file) throws Exception {
        // By YAML 1.1 the word "on" is a boolean.
        String text = Files.readString(file).replaceFirst("(?m)^on:", "\"on\":");
        return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    }
}
