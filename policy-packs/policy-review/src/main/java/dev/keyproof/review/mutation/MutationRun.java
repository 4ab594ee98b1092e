package dev.keyproof.review.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Makes each mutant of a policy in a copy of its own, and runs the policy's tests there. Used by one thread; works with all processors. */
public final class MutationRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MODULES = List.of("authz", "lib", "rules");
    private static final List<String> DATA = List.of(
            "keyproof.parameters:parameters/data.json",
            "keyproof.frameworks:frameworks",
            "keyproof.schemas.parameters:schemas/parameters.json");
    private static final int TESTS_FAIL = 2;
    private static final long PATIENCE_S = 60;

    private final Path folder;
    private final Path scratch;
    private final String opa;

    /**
     * @param folder of the policy
     * @param scratch an empty folder
     */
    public MutationRun(Path folder, Path scratch, String opa) {
        this.folder = folder;
        this.scratch = scratch;
        this.opa = opa;
    }

    private enum Fate {
        KILLED,
        SURVIVED,
        INVALID
    }

    /**
     * Tries all mutants of the modules under these paths, or of all if there are none.
     *
     * @param progress told how many are done
     * @throws MutationException when the policy's own tests fail, or opa cannot be run
     */
    public MutationReport run(List<String> only, IntConsumer progress) throws MutationException {
        try {
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
            Path first = copies.element();
            if (test(first, MODULES) != Fate.SURVIVED) {
                throw new MutationException("the policy's own tests fail: opa test says why");
            }
            return tried(mutants, copies, workers, progress);
        } catch (IOException e) {
            throw new MutationException("the policy in " + folder + " cannot be copied or read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MutationException("interrupted", e);
        }
    }

    private MutationReport tried(List<Mutant> mutants, BlockingQueue<Path> copies, int workers, IntConsumer progress)
            throws MutationException, InterruptedException {
        List<Future<Fate>> fates = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            for (Mutant mutant : mutants) {
                fates.add(pool.submit(() -> {
                    Path copy = copies.take();
                    try {
                        return fate(mutant, copy);
                    } finally {
                        copies.add(copy);
                        progress.accept(done.incrementAndGet());
                    }
                }));
            }
            TreeMap<String, Integer> killed = new TreeMap<>();
            List<Mutant> survived = new ArrayList<>();
            int invalid = 0;
            for (int i = 0; i < mutants.size(); i++) {
                Mutant mutant = mutants.get(i);
                switch (fates.get(i).get()) {
                    case KILLED -> killed.merge(mutant.file(), 1, Integer::sum);
                    case SURVIVED -> survived.add(mutant);
                    case INVALID -> invalid++;
                }
            }
            return new MutationReport(killed, survived, invalid);
        } catch (ExecutionException e) {
            throw new MutationException("a mutant could not be tried: " + e.getCause(), e);
        }
    }

    /** By the tests nearby first, which are quick; what they let pass, all have to. */
    private Fate fate(Mutant mutant, Path copy) throws IOException, InterruptedException {
        Path file = copy.resolve(mutant.file());
        String text = Files.readString(file);
        try {
            Files.writeString(file, mutant.in(text));
            List<String> nearby = nearby(mutant.file());
            Fate fate = test(copy, nearby);
            return fate == Fate.SURVIVED && !nearby.equals(MODULES) ? test(copy, MODULES) : fate;
        } finally {
            Files.writeString(file, text);
        }
    }

    private static List<String> nearby(String file) {
        if (file.startsWith("authz/")) {
            return List.of("authz", "lib");
        }
        return file.startsWith("rules/") ? List.of(file.substring(0, file.lastIndexOf('/')), "lib") : MODULES;
    }

    private Fate test(Path copy, List<String> modules) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(opa, "test"));
        words.addAll(modules);
        words.addAll(DATA);
        Process process = new ProcessBuilder(words)
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return Fate.KILLED;
        }
        return switch (process.exitValue()) {
            case 0 -> Fate.SURVIVED;
            case TESTS_FAIL -> Fate.KILLED;
            default -> Fate.INVALID;
        };
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
