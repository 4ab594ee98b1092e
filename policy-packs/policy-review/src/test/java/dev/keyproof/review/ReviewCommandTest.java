package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.TestingRepository.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the packs themselves under review, with all their checks; what changes of an organisation's own do is shown on its repository. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestingRepository repository;
    private Path log;
    private Path bundles;

    @BeforeAll
    void repository(@TempDir Path dir) throws Exception {
        repository = TestingRepository.of(Path.of("../packs"), Path.of("policy"), dir.resolve("repository"));
        bundles = Files.createDirectory(dir.resolve("bundles"));
        Files.write(bundles.resolve("base.tar.gz"), PolicyBundle.builtIn().bytes());
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.builtIn());
        TestingHistory history = new TestingHistory(engine);
        for (int i = 0; i < 100; i++) {
            history.call("Sign", "payments", "application", "K2", "sign");
            history.call("Encrypt", "payments", "application", "K1", "encrypt");
            history.call("Encrypt", "visitor", "auditor", "K1", "encrypt");
        }
        log = history.sealed(dir.resolve("log"));
    }

    private Said review(String base, Path replay, String... more) {
        return repository.review(
                base,
                "policy",
                Stream.concat(
                                Stream.of("--replay", replay.toString(), "--policies", bundles.toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    @Test
    void aHarmlessChangePasses() throws Exception {
        repository.branch("harmless");
        repository.change(
                "policy/parameters/data.json", "\"idempotency\": {\"hours\": 24}", "\"idempotency\": {\"hours\": 12}");
        repository.change("policy/authz/actor.rego", "# Who acts", "# Reads well.\n# Who acts");
        repository.commit("Says it shorter");

        Said said = review("main", log);

        assertThat(said.code()).as("%s", said).isZero();
        assertThat(said.out()).contains("**No past decision changes.**", "replayed = sealed: 300 of 300");
    }

    @Test
    void aPolicyThatFailsItsOwnChecksIsNotReplayed() throws Exception {
        repository.branch("broken");
        repository.change("policy/authz/actor.rego", "package keyproof.authz", "package  keyproof.authz");
        repository.commit("Two spaces");

        Said said = review("main", log);

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err())
                .startsWith(
                        "  ...    checks and tests of the working tree\nkeyproof: packs: run opa fmt -w on these (the policy of the working tree):\n")
                .contains("authz/actor.rego")
                .doesNotContain("/keyproof-review");
        assertThat(said.out())
                .contains("**The policy fails its own checks, so nothing was replayed.**", "run opa fmt -w on these")
                .doesNotContain("replayed = sealed");
    }

    @Test
    void aPolicyThatFailsItsOwnChecksIsToldInEveryForm(@TempDir Path reports) throws Exception {
        repository.branch("untested");
        repository.change(
                "policy/authz/actor.rego", "package keyproof.authz", "package keyproof.authz\n\nnever if input.never");
        repository.commit("Says what nobody tests");

        Said said = review("main", log, "--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(Files.readString(reports.resolve("review.md"))).contains("fails its own checks");
        JsonNode results = TestingSarif.run(Files.readString(reports.resolve("review.sarif")))
                .path("results");
        assertThat(results).hasSize(1);
        assertThat(results.at("/0/level").asText()).isEqualTo("error");
        assertThat(results.at("/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo("policy/parameters/data.json");
        assertThat(Files.readString(reports.resolve("review.xml")))
                .contains(
                        "<testcase classname=\"policy.checks\" name=\"checks\"><failure message=\"the policy fails its own checks\">");
        JsonNode json = JSON.readTree(reports.resolve("review.json").toFile());
        assertThat(json.path("checks").asText()).isEqualTo("failed");
        assertThat(json.path("said").asText()).isNotBlank();
    }

    /** Nobody is to take for fine what was not looked at. */
    @Test
    void whatCouldNotBeMadeAgainFails(@TempDir Path dir) throws Exception {
        repository.branch("unkept");
        Path own = Files.createDirectory(dir.resolve("own"));
        TestingHistory history = new TestingHistory(PolicyEngine.load(TestingPolicy.deciding(
                "decision := {\"allow\": false, \"reasons\": [], \"obligations\": {}}\n",
                PolicyBundle.builtIn(),
                own)));
        history.call("Sign", "payments", "application", "K2", "sign");
        Path unkept = history.sealed(dir.resolve("log"));

        Said said = review("main", unkept, "--format", "md,junit", "--out", dir.toString());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        assertThat(Files.readString(dir.resolve("review.md")))
                .contains(
                        "**1 of 1 past decisions could not be made again: that they are what was sealed is not shown.**");
        assertThat(Files.readString(dir.resolve("review.xml")))
                .contains(
                        "<skipped message=\"no decision was made again\"/>",
                        "<failure message=\"1 were not made again\">");
        assertThat(review("main", unkept, "--fail-on", "opened,unreplayed=1").code())
                .isZero();

        Said none = review("main", unkept, "--from", "2030-01-01");
        assertThat(none.out())
                .contains("**There is no past decision to look at")
                .doesNotContain("No past decision changes");
    }

    @Test
    void whatIsNoRegoIsSaidWithoutWrongAdvice() throws Exception {
        repository.branch("unreadable");
        repository.change("policy/authz/actor.rego", "_granted contains role", "_granted := := role");
        repository.commit("A slip");

        Said said = review("main", log);

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err())
                .contains("rego_parse_error", "authz/actor.rego", "this is no Rego")
                .doesNotContain("opa fmt");
    }

    @Test
    void whatCannotBeReviewedIsSaidInALine() throws Exception {
        repository.git("checkout", "--quiet", "main");

        assertThat(review("nowhere", log))
                .isEqualTo(impossible("there is no revision nowhere (in a shallow clone fetch it: fetch-depth 0)"));
        repository.git("checkout", "--quiet", "--orphan", "alone");
        repository.git("commit", "--quiet", "--allow-empty", "--message", "Nobody's child");
        repository.git("checkout", "--quiet", "main");
        assertThat(review("alone", log))
                .isEqualTo(impossible("what is checked out never left alone: they have no commit in common"
                        + " (in a shallow clone fetch it: fetch-depth 0)"));
        assertThat(TestingRepository.policy("review", "--base", "main", "--packs", "nosuch"))
                .isEqualTo(impossible("there is no folder nosuch"));
        assertThat(TestingRepository.policy(
                                "review",
                                "--base",
                                "main",
                                "--packs",
                                repository.root().toString())
                        .err())
                .endsWith("\nkeyproof: the policy of the working tree has no build.sh in " + repository.root() + "\n");
        Path nothing = repository.root().resolve("nothing.zip");
        assertThat(review("nowhere", nothing)).isEqualTo(impossible(nothing + ": no such file"));
        Path text = repository.root().resolve("policy/README.md");
        assertThat(review("nowhere", text)).isEqualTo(impossible(text + " is no evidence pack"));
        assertThat(review("main", log, "--fail-on", "all").err())
                .isEqualTo(
                        "keyproof: --fail-on: 'all' is none of opened, locked, undecidable, reasons, unreplayed, excused, unjudged, failing, regraded\n");
        assertThat(review("main", repository.root()).err())
                .isEqualTo("keyproof: " + repository.root() + " holds no log\n");
    }

    private static Said impossible(String why) {
        return new Said(2, "", "keyproof: " + why + "\n");
    }
}
