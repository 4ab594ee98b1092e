package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands the restoring of a log to a process of its own, with the evidence service's class path. */
@Command(
        name = "restore",
        description = "Makes the sealed log anew from its copy in a bucket; --help names the options.",
        footer = {
            "",
            "Example: ./keyproof evidence restore --from s3://evidence/one --endpoint https://s3.example --home new --trust 2026.trust"
        })
final class EvidenceRestoreCommand implements Callable<Integer> {
    private static final String MAIN = "dev.keyproof.evidence.remote.RestoreCommand";

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "the options")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LauncherException {
        return new EvidenceTool(MAIN).run(arguments);
    }
}
