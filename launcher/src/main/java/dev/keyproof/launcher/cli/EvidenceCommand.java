package dev.keyproof.launcher.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The evidence store's own tools. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = "Works on the evidence store from outside.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EvidenceCompareCommand.class, EvidenceRestoreCommand.class},
        footer = {
            "",
            "Example: ./keyproof evidence restore --from s3://evidence/one --endpoint https://s3.example --home new --trust 2026.trust"
        })
final class EvidenceCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec known = spec;
        if (known != null) {
            throw new ParameterException(known.commandLine(), "a command is missing: compare or restore");
        }
    }
}
