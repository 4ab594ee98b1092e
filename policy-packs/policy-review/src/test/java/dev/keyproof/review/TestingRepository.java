package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.review.cli.PolicyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A git repository with a policy in it, whose branches the command reviews. */
final class TestingRepository {
    /** This checkout. */
    static final Path KEYPROOF = Path.of("../..").toAbsolutePath().normalize();

    private final Path root;

    /** What a program said, and how it ended. */
    record Said(int code, String out, String err) {}

    private TestingRepository(Path root) {
        this.root = root;
    }

    /** A repository whose branch {@code main} holds what is in a folder. */
    static TestingRepository of(Path content, Path inside, Path root) throws Exception {
        TestingRepository repository = new TestingRepository(Files.createDirectory(root));
        copy(content, root.resolve(inside));
        Files.writeString(root.resolve(".gitignore"), "target/\n");
        repository.git("init", "--quiet", "--initial-branch", "main");
        repository.git("config", "user.name", "ann");
        repository.git("config", "user.email", "ann@example.org");
        repository.commit("The policy in force");
        return repository;
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

    Path root() {
        return root;
    }

    void change(String file, String before, String after) throws IOException {
        Path changed = root.resolve(file);
        String text = Files.readString(changed);
        assertThat(text).contains(before);
        Files.writeString(changed, text.replace(before, after));
    }

    void git(String... words) throws Exception {
        Said said =
                run(Map.of(), Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new));
        assertThat(said.code()).as("%s: %s", List.of(words), said).isZero();
    }

    void commit(String message) throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--message", message);
    }

    /** A new branch off main, which is checked out. */
    void branch(String name) throws Exception {
        git("checkout", "--quiet", "--force", "-b", name, "main");
    }

    /** Builds the policy that is checked out. */
    Path built(String policy, Path bundle) throws Exception {
        Said said = run(
                Map.of("KEYPROOF", KEYPROOF.toString()),
                "sh",
                root.resolve(policy).resolve("build.sh").toString(),
                bundle.toString());
        assertThat(said.code()).as("%s", said).isZero();
        return bundle;
    }

    /** Runs a program in the repository. */
    Said run(Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder command =
                new ProcessBuilder(words).directory(root.toFile()).redirectErrorStream(true);
        command.environment().putAll(environment);
        Process process = command.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), said, "");
    }

    /** {@code policy review} of what is checked out. */
    Said review(String base, String policy, String... more) {
        return policy(Stream.concat(
                        Stream.of(
                                "review",
                                "--base",
                                base,
                                "--packs",
                                root.resolve(policy).toString(),
                                "--keyproof",
                                KEYPROOF.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    /** {@code policy} with these arguments. */
    static Said policy(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new PolicyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
