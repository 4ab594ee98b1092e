package dev.keyproof.review.cli;

import dev.keyproof.review.install.InstallException;
import dev.keyproof.review.install.PolicyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an installation and the packs that it goes by are. */
final class InstallationOptions {
    @Option(names = "--home", paramLabel = "DIR", description = "the installation (default: .keyproof in the checkout)")
    private @Nullable Path home;

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "the packs as they were built (default: those of the checkout)")
    private @Nullable Path packs;

    /** That of an installation which is there, if one is named. */
    PolicyFolder existing() throws InstallException {
        if (home != null && !Files.isDirectory(home)) {
            throw new InstallException("there is no installation in " + home + ": no such folder");
        }
        return folder();
    }

    PolicyFolder folder() {
        return new PolicyFolder((home == null ? checkout(".keyproof") : home).resolve("policy"));
    }

    Path packs() {
        return packs == null ? checkout("policy-packs/packs/target/classes/keyproof/policy/bundle.tar.gz") : packs;
    }

    private static Path checkout(String path) {
        return Path.of(System.getProperty("keyproof.checkout", "")).resolve(path);
    }
}
