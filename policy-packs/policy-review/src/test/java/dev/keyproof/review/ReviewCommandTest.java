package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.cli.PolicyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Pull requests in a real repository, reviewed by the command: harmless ones, and those that should not be merged. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONDITIONS = "\"conditions\": []";
    private static final String OFFICE =
            "\"conditions\": [{\"name\": \"office\", \"operations\": [\"Sign\"], \"tags\": {\"stage\": \"prod\"}, \"networks\": [\"10.0.0.0/8\"]}]";

    private Path repository;
    private Path parameters;
    private Path log;
    private Path bundles;

    /** What the command said, and how it ended. */
    private record Said(int code, String out, String err) {}

    @BeforeAll
    void repository(@TempDir Path dir) throws Exception {
        repository = Files.createDirectory(dir.resolve("repository"));
        copy(Path.of("../packs"), repository.resolve("policy"));
        parameters = repository.resolve("policy/parameters/data.json");
        change(CONDITIONS, OFFICE);
        Files.writeString(repository.resolve(".gitignore"), "target/\n");
        git("init", "--quiet", "--initial-branch", "main");
        git("config", "user.name", "ann");
        git("config", "user.email", "ann@example.org");
        commit("The policy in force");

        bundles = Files.createDirectory(dir.resolve("bundles"));
        Path bundle = bundles.resolve("base.tar.gz");
        run("sh", repository.resolve("policy/build.sh").toString(), bundle.toString());
        try (PolicyEngine engine = PolicyEngine.load(PolicyBundle.read(bundle), 1)) {
            TestingHistory history = new TestingHistory(engine);
            for (int i = 0; i < 100; i++) {
                sign(history, "payments", "10.1.0.7");
                sign(history, "invoices", "10.2.0.9");
                sign(history, "intruder", "192.168.3.3");
                history.call("Encrypt", "payments", "application", "K1", "encrypt");
            }
            log = history.sealed(dir.resolve("log"));
        }
    }

    private static void sign(TestingHistory history, String actor, String source) {
        ObjectNode input = TestingHistory.input("Sign", actor, "application", "K2", "sign");
        input.withObject("/key/tags").put("stage", "prod");
        input.withObject("/request").put("source", source);
        history.add(history.event("operation", input));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path inside = from.relativize(file);
                if (!inside.startsWith("target")) {
                    Path copied = to.resolve(inside.toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copied);
                    } else {
                        Files.copy(file, copied);
                    }
                }
            }
        }
    }

    private void change(String before, String after) throws IOException {
        String text = Files.readString(parameters);
        assertThat(text).contains(before);
        Files.writeString(parameters, text.replace(before, after));
    }

    private void git(String... words) throws Exception {
        run(Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new));
    }

    private void run(String... words) throws Exception {
        Process process = new ProcessBuilder(words)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(words), said).isZero();
    }

    private void commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--message", message);
    }

    private void branch(String name) throws Exception {
        git("checkout", "--quiet", "-b", name, "main");
    }

    private Said review(String... more) throws Exception {
        return review("main", log, more);
    }

    private Said review(String base, Path replay, String... more) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new PolicyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int code = command.execute(Stream.concat(
                        Stream.of(
                                "review",
                                "--base",
                                base,
                                "--packs",
                                repository.resolve("policy").toString(),
                                "--replay",
                                replay.toString(),
                                "--policies",
                                bundles.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void aHarmlessChangePasses() throws Exception {
        branch("harmless");
        change("\"idempotency\": {\"hours\": 24}", "\"idempotency\": {\"hours\": 12}");
        Path rule = repository.resolve("policy/authz/actor.rego");
        Files.writeString(rule, "# Reads well.\n" + Files.readString(rule));
        commit("Says it shorter");

        Said said = review();

        assertThat(said.code()).as("%s", said).isZero();
        assertThat(said.out()).contains("**No past decision changes.**", "replayed = sealed: 400 of 400");
    }

    @Test
    void whoLocksAServiceOutIsTold() throws Exception {
        branch("lock-out");
        change("10.0.0.0/8", "10.2.0.0/16");
        commit("The office has moved");

        Said said = review("--format", "json");

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        JsonNode flips = JSON.readTree(said.out()).at("/replay/flips");
        assertThat(flips).hasSize(1);
        assertThat(flips.at("/0/change").asText()).isEqualTo("locked");
        assertThat(flips.at("/0/actor").asText()).isEqualTo("payments");
        assertThat(flips.at("/0/count").asInt()).isEqualTo(100);
        assertThat(flips.at("/0/after/0").asText()).isEqualTo("condition:office");
        assertThat(flips.at("/0/examples/0/index").asInt()).isZero();
        assertThat(flips.at("/0/examples/0/proof")).isNotEmpty();
        // Where that is what is wanted.
        assertThat(review("--fail-on", "opened,undecidable").code()).isZero();
    }

    @Test
    void whatSilentlyOpensIsTold(@TempDir Path reports) throws Exception {
        branch("silent");
        change("\"stage\": \"prod\"", "\"stage\": \"production\"");
        commit("Spells it out");

        Said said = review("--format", "md,sarif,junit,json", "--out", reports.toString());

        assertThat(said.code()).as("%s", said).isEqualTo(1);
        assertThat(Files.readString(reports.resolve("review.md")))
                .contains("| 100 | `Sign` | `intruder` | `K2` | `condition:office` | `granted` |");
        assertThat(JSON.readTree(reports.resolve("review.sarif").toFile())
                        .at("/runs/0/results/0/ruleId")
                        .asText())
                .isEqualTo("replay/opened");
        assertThat(Files.readString(reports.resolve("review.xml"))).contains("100 refused before, allowed now");
        assertThat(reports.resolve("review.json")).isNotEmptyFile();
    }

    @Test
    void aPolicyThatFailsItsOwnChecksIsNotReplayed() throws Exception {
        branch("broken");
        Path rule = repository.resolve("policy/authz/actor.rego");
        Files.writeString(rule, Files.readString(rule).replace("package keyproof.authz", "package  keyproof.authz"));
        commit("Two spaces");

        Said said = review();

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("run opa fmt -w on these");
        assertThat(said.out()).isEmpty();
    }

    @Test
    void whatCannotBeReviewedIsSaidInALine() throws Exception {
        git("checkout", "--quiet", "main");

        assertThat(review("nowhere", log).err()).contains("nowhere");
        assertThat(review("--fail-on", "all").err())
                .isEqualTo("keyproof: --fail-on: 'all' is none of opened, locked, undecidable, reasons\n");
        assertThat(review("main", repository).err()).isEqualTo("keyproof: " + repository + " holds no log\n");
    }
}
