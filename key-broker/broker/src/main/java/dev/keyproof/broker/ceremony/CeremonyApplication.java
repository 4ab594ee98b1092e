package dev.keyproof.broker.ceremony;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Ceremonies as a process of its own, which ends after. Exit code 1 and one line when it cannot go on, 2 for a wrong command line. */
@Command(
        name = "keyproof ceremony",
        mixinStandardHelpOptions = true,
        description = "Roots of token groups: made, shared among custodians, put together again.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MakeRoot.class, OpenShare.class, JoinToken.class, RestoreDrill.class, Backup.class})
public final class CeremonyApplication implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private CeremonyApplication() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new CeremonyApplication());
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((fault, command, parsed) -> {
            String message = Objects.requireNonNullElse(
                    fault.getMessage(), fault.getClass().getSimpleName());
            command.getErr().println("keyproof: " + message.lines().findFirst().orElse(message));
            return 1;
        });
        System.exit(line.execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }
}
