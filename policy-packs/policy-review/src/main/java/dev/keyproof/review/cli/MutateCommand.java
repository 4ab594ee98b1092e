package dev.keyproof.review.cli;

import dev.keyproof.review.mutation.MutationException;
import dev.keyproof.review.mutation.MutationReport;
import dev.keyproof.review.mutation.MutationRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy mutate}: how much of the policy its tests hold. */
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        description = {
            "Changes each comparison, each 'not' and each constant of the policy, one at a time, and runs its tests: some test should fail.",
            "Exit code: 0 fine; 1 fewer are noticed than --threshold says; 2 it cannot be tried."
        },
        footer = {"", "Example: ./keyproof policy mutate rules/lifecycle --threshold 90"})
final class MutateCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int IMPOSSIBLE = 2;
    private static final int TOLD_EACH = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "modules that are mutated, by the beginning of their path in the policy (default: all)")
    private List<String> only = List.of();

    @Option(
            names = "--packs",
            paramLabel = "DIR",
            description = "the folder of the policy (default: policy-packs/packs)",
            defaultValue = "policy-packs/packs")
    private Path packs = Path.of("");

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            description = "of the mutants that must be noticed (default: 90)",
            defaultValue = "90")
    private int threshold;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        String opa = System.getenv().getOrDefault("KEYPROOF_OPA", "opa");
        try (Scratch scratch = Scratch.of("mutate")) {
            MutationReport report = new MutationRun(packs.toAbsolutePath().normalize(), scratch.folder(), opa)
                    .run(only, done -> {
                        if (done % TOLD_EACH == 0) {
                            err.println("  ...    " + done + " mutants tried");
                        }
                    });
            out.print(report.markdown());
            out.flush();
            return report.score() < threshold ? FAILED : 0;
        } catch (MutationException e) {
            err.println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }
}
