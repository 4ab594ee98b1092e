package dev.keyproof.review.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tests of a policy, as opa runs them in a copy of it. The whole policy is always loaded, as where it is built: a test may read fixtures, rules
 * and data from anywhere, and would fail for want of them where only its neighbours are.
 */
final class PolicyTests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SOURCES = List.of(
            "authz",
            "lib",
            "rules",
            "keyproof.parameters:parameters/data.json",
            "keyproof.frameworks:frameworks",
            "keyproof.schemas.parameters:schemas/parameters.json");
    /** For one test: a busy machine may take its time. */
    private static final String PATIENCE = "60s";

    private static final int NOT_COMPILED = 1;

    private final String opa;

    PolicyTests(String opa) {
        this.opa = opa;
    }

    /**
     * A test, by where it stands.
     *
     * @param module its package
     */
    record Test(String file, String module, String name) {
        String folder() {
            return file.substring(0, file.lastIndexOf('/') + 1);
        }

        @Override
        public String toString() {
            return file + ": " + name;
        }
    }

    /**
     * What a run said.
     *
     * @param failed or ended in an error
     */
    record Outcome(Set<Test> passed, Set<Test> failed) {
        Outcome {
            passed = Set.copyOf(passed);
            failed = Set.copyOf(failed);
        }
    }

    /** All of them; nothing if opa does not compile the copy. */
    Optional<Outcome> all(Path copy) throws IOException, InterruptedException {
        return run(copy, List.of());
    }

    /** Those in the modules of these; nothing if opa does not compile the copy. */
    Optional<Outcome> of(Set<Test> tests, Path copy) throws IOException, InterruptedException {
        String modules = tests.stream()
                .map(Test::module)
                .distinct()
                .sorted()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "^(", ")[.]"));
        return run(copy, List.of("--run", modules));
    }

    private Optional<Outcome> run(Path copy, List<String> which) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(opa, "test", "--format", "json", "--timeout", PATIENCE));
        words.addAll(which);
        words.addAll(SOURCES);
        Process process = new ProcessBuilder(words)
                .directory(copy.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() == NOT_COMPILED) {
            return Optional.empty();
        }
        Set<Test> passed = new HashSet<>();
        Set<Test> failed = new HashSet<>();
        for (JsonNode result : JSON.readTree(said)) {
            Test test = new Test(
                    result.path("location").path("file").asText(),
                    result.path("package").asText(),
                    result.path("name").asText());
            if (result.path("fail").asBoolean() || result.has("error")) {
                failed.add(test);
            } else if (!result.path("skip").asBoolean()) {
                passed.add(test);
            }
        }
        return Optional.of(new Outcome(passed, failed));
    }
}
