package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Hands the comparison of a log's copies to a process of its own, with the home's configuration of the evidence service. */
@Command(
        name = "compare",
        description =
                "Holds disk, bucket and witnesses against each other, and says which of them lies; --help names the options.",
        footer = {"", "Example: ./keyproof evidence compare --trust 2026.trust"})
final class EvidenceCompareCommand implements Callable<Integer> {
    private static final String MAIN = "dev.keyproof.evidence.compare.CompareCommand";

    @Mixin
    private HomeOption where = new HomeOption();

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "the options")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LauncherException {
        List<String> words = new ArrayList<>(arguments);
        if (!words.contains("--help")) {
            words.addFirst(where.existing()
                    .home()
                    .partConfigs()
                    .resolve("evidence.yaml")
                    .toString());
        }
        return new EvidenceTool(MAIN).run(words);
    }
}
