package dev.keyproof.launcher.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Game days. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Tries on purpose what must not do harm, and leaves a report.",
        synopsisSubcommandLabel = "NAME",
        subcommands = {LogCrashCommand.class, RestoreCommand.class},
        footer = {"", "Example: ./keyproof drill log-crash --times 100"})
final class DrillCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec known = spec;
        if (known != null) {
            throw new ParameterException(known.commandLine(), "a drill's name is missing: log-crash or restore");
        }
    }
}
