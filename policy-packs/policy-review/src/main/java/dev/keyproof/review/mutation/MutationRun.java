package dev.keyproof.review.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.review.mutation.MutationReport.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes each mutant of a policy in a copy of its own, and runs the policy's tests there. A mutant is noticed where a test that passes without it does
 * not pass with it: what fails anyway says nothing of a mutant. Used by one thread; works with all processors.
 */
public final class MutationRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MODULES = List.of("authz", "lib", "rules");

    private final Path folder;
    private final Path scratch;
    private final String opa;
    private final PolicyTests tests;

    /**
     * @param folder of the policy
     * @param scratch an empty folder
     */
    public MutationRun(Path folder, Path scratch, String opa) {
        this.folder = folder;
        this.scratch = scratch;
        this.opa = opa;
        this.tests = new PolicyTests(opa);
    }

    /**
     * Tries all mutants of the modules under these paths, or of all if there are none.
     *
     * @param progress told how many are done
     * @throws MutationException when the policy's own tests fail, or opa cannot be run
     */
    public MutationReport run(List<String> only, IntConsumer progress) throws MutationException {
        try {
            if (modules(List.of("rules/")).isEmpty()) {
                throw new MutationException("mutate works on a checkout of the packs: " + folder + " has no rules");
            }
            List<String> modules = modules(only);
            Map<String, JsonNode> parsed = new TreeMap<>();
            for (String module : modules) {
                parsed.put(module, parse(module));
            }
            List<Mutant> mutants = Mutations.all(parsed);
            int workers = Runtime.getRuntime().availableProcessors();
            BlockingQueue<Path> copies = new ArrayBlockingQueue<>(workers);
            for (int worker = 0; worker < workers; worker++) {
                copies.add(copied(scratch.resolve("copy-" + worker)));
            }
            return tried(mutants, passing(copies.element()), copies, progress);
        } catch (IOException e) {
            throw new MutationException("the policy in " + folder + " cannot be copied or read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MutationException("interrupted", e);
        }
    }

    /** The tests of the policy as it stands. */
    private Set<PolicyTests.Test> passing(Path copy) throws IOException, InterruptedException, MutationException {
        PolicyTests.Outcome outcome = tests.all(copy)
                .orElseThrow(() -> new MutationException("the policy does not compile: opa test says why"));
        if (!outcome.failed().isEmpty()) {
            throw new MutationException("the policy's own tests fail: "
                    + outcome.failed().stream()
                            .map(PolicyTests.Test::toString)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        return outcome.passed();
    }

    private MutationReport tried(
            List<Mutant> mutants, Set<PolicyTests.Test> passing, BlockingQueue<Path> copies, IntConsumer progress)
            throws MutationException, InterruptedException {
        List<Future<Fate>> pending = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(copies.size())) {
            for (Mutant mutant : mutants) {
                pending.add(pool.submit(() -> {
                    Path copy = copies.take();
                    try {
                        return fate(mutant, passing, copy);
                    } finally {
                        copies.add(copy);
                        progress.accept(done.incrementAndGet());
                    }
                }));
            }
            List<Fate> fates = new ArrayList<>();
            for (Future<Fate> fate : pending) {
                fates.add(fate.get());
            }
            return MutationReport.of(mutants, fates);
        } catch (ExecutionException e) {
            throw new MutationException("a mutant could not be tried: " + e.getCause(), e);
        }
    }

    /** By the tests of its own first, or those in its folder, which are quick; what they let pass, all have to. */
    private Fate fate(Mutant mutant, Set<PolicyTests.Test> passing, Path copy)
            throws IOException, InterruptedException {
        Path file = copy.resolve(mutant.file());
        String text = Files.readString(file);
        Set<PolicyTests.Test> nearby = nearby(mutant, passing);
        try {
            Files.writeString(file, mutant.in(text));
            Fate fate = nearby.isEmpty() ? Fate.MISSED : fate(nearby, tests.of(nearby, copy));
            return fate == Fate.MISSED ? fate(passing, tests.all(copy)) : fate;
        } finally {
            Files.writeString(file, text);
        }
    }

    private static Set<PolicyTests.Test> nearby(Mutant mutant, Set<PolicyTests.Test> passing) {
        String own = mutant.file().replace(".rego", "_test.rego");
        Set<PolicyTests.Test> beside = new HashSet<>();
        Set<PolicyTests.Test> around = new HashSet<>();
        for (PolicyTests.Test test : passing) {
            if (test.file().equals(own)) {
                beside.add(test);
            }
            if (test.folder().equals(mutant.folder())) {
                around.add(test);
            }
        }
        return beside.isEmpty() ? around : beside;
    }

    private static Fate fate(Set<PolicyTests.Test> passing, Optional<PolicyTests.Outcome> mutated) {
        return mutated.map(outcome -> outcome.passed().containsAll(passing) ? Fate.MISSED : Fate.NOTICED)
                .orElse(Fate.UNCOMPILED);
    }

    private List<String> modules(List<String> only) throws IOException {
        List<String> modules = new ArrayList<>();
        for (String root : MODULES) {
            if (Files.isDirectory(folder.resolve(root))) {
                try (Stream<Path> files = Files.walk(folder.resolve(root))) {
                    files.map(file -> folder.relativize(file).toString())
                            .filter(name -> name.endsWith(".rego") && !name.endsWith("_test.rego"))
                            .filter(name -> only.isEmpty() || only.stream().anyMatch(name::startsWith))
                            .forEach(modules::add);
                }
            }
        }
        return modules.stream().sorted().toList();
    }

    private JsonNode parse(String module) throws IOException, InterruptedException, MutationException {
        Process process = new ProcessBuilder(
                        opa, "parse", "--format", "json", "--json-include", "locations,-comments", module)
                .directory(folder.toFile())
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new MutationException("opa does not parse " + module + ": " + said.strip());
        }
        return JSON.readTree(said);
    }

    private Path copied(Path copy) throws IOException {
        for (String root : List.of("authz", "lib", "rules", "parameters", "frameworks", "schemas")) {
            Path from = folder.resolve(root);
            if (!Files.isDirectory(from)) {
                Files.createDirectories(copy.resolve(root));
                continue;
            }
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path to = copy.resolve(folder.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(to);
                    } else {
                        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
        return copy;
    }
}
