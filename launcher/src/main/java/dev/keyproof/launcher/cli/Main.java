package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.approve.ApproveCommand;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.review.cli.PolicyCommand;
import dev.keyproof.verify.LogCommand;
import dev.keyproof.verify.VerifyCommand;
import dev.keyproof.witness.WitnessCommand;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The operator's command. */
@Command(
        name = "keyproof",
        mixinStandardHelpOptions = true,
        version = "keyproof 0.1.0",
        description =
                "Every key operation decided by policy, watched in stream, and sealed so that an auditor can prove it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            LogCommand.class,
            DrillCommand.class,
            EvidenceCommand.class,
            WitnessCommand.class,
            CeremonyCommand.class,
            ApproveCommand.class,
            PolicyCommand.class,
            BenchCommand.class
        })
public final class Main implements Runnable {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs the command and ends with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        // Beside what works on the log's files, what asks the service that runs.
        Objects.requireNonNull(line.getSubcommands().get("log")).addSubcommand(new RenewTimeCommand());
        // Their options are the other process's to read, --help too.
        Map<String, CommandLine> drills =
                Objects.requireNonNull(line.getSubcommands().get("drill")).getSubcommands();
        Map<String, CommandLine> evidence =
                Objects.requireNonNull(line.getSubcommands().get("evidence")).getSubcommands();
        Stream.of(
                        line.getSubcommands().get("ceremony"),
                        drills.get("restore"),
                        evidence.get("compare"),
                        evidence.get("restore"))
                .map(Objects::requireNonNull)
                .forEach(handed -> handed.setUnmatchedOptionsArePositionalParams(true));
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((fault, command, parsed) -> {
            command.getErr().println("keyproof: " + oneLine(fault));
            if (!(fault instanceof LauncherException) && System.getenv("KEYPROOF_TRACE") != null) {
                fault.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        return line;
    }

    private static String oneLine(Exception fault) {
        String message = fault.getMessage();
        if (message == null) {
            return fault.getClass().getSimpleName() + " (KEYPROOF_TRACE=1 shows where)";
        }
        String line = message.lines().findFirst().orElse(message);
        return fault instanceof LauncherException ? line : fault.getClass().getSimpleName() + ": " + line;
    }

    @Override
    public void run() {
        CommandSpec known = spec;
        if (known != null) {
            throw new ParameterException(known.commandLine(), "a command is missing");
        }
    }
}
