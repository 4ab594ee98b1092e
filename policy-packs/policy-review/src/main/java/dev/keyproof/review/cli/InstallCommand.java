package dev.keyproof.review.cli;

import dev.keyproof.review.install.InstallException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code policy install}: puts a changed policy in force while everything runs. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Merges the overlays in HOME/policy/overlays over the packs, signs the bundle and puts it in place; the parts that run take it"
                    + " over within seconds, whole or not at all.",
            "Exit code: 0 installed; 2 it cannot be, and what was in force stays."
        },
        footer = {"", "Example: ./keyproof policy install --home /var/lib/keyproof --key /media/policy-key.pem"})
final class InstallCommand implements Callable<Integer> {
    private static final int IMPOSSIBLE = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private InstallationOptions installation = new InstallationOptions();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "RSA key in PEM that signs it (default: the installation's own, made when there is none)")
    private @Nullable Path key;

    @Override
    public Integer call() {
        try {
            String digest = installation.folder().install(installation.packs(), key);
            Objects.requireNonNull(spec).commandLine().getOut().println("installed " + digest);
            return 0;
        } catch (InstallException e) {
            Objects.requireNonNull(spec).commandLine().getErr().println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }
}
