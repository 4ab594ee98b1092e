package dev.keyproof.review.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code policy}: what concerns the rules rather than the keys. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = {
            "Reviews a change of policy by what it would have done to past operations, tells what it checks,",
            "and puts an installation's own values in force."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ReviewCommand.class,
            TryCommand.class,
            PostureCommand.class,
            PagesCommand.class,
            MutateCommand.class,
            EffectiveCommand.class,
            InstallCommand.class
        })
public final class PolicyCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(
                line,
                "a command is missing: "
                        + String.join(", ", line.getSubcommands().keySet()));
    }
}
