package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(said.err()).contains("run opa fmt -w on these");
        assertThat(said.out()).isEmpty();
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

        assertThat(review("nowhere", log).err()).contains("nowhere");
        assertThat(review("main", log, "--fail-on", "all").err())
                .isEqualTo(
                        "keyproof: --fail-on: 'all' is none of opened, locked, undecidable, reasons, excused, unjudged, failing, regraded\n");
        assertThat(review("main", repository.root()).err())
                .isEqualTo("keyproof: " + repository.root() + " holds no log\n");
    }
}
