package dev.keyproof.review.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code policy}: what concerns the rules rather than the keys. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description =
                "Reviews a change of policy by what it would have done to past operations, and tells what it checks.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ReviewCommand.class,
            TryCommand.class,
            PostureCommand.class,
            PagesCommand.class,
            MutateCommand.class
        })
public final class PolicyCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "a command is missing: review, try, posture, pages or mutate");
    }
}
