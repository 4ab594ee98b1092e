package dev.keyproof.launcher.setup;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.review.install.InstallException;
import dev.keyproof.review.install.PolicyFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The policy bundle that every part decides by: the packs that were built, with the installation's overlays, signed by its key. */
public final class PolicyFile {
    private static final String BUILT = "policy-packs/packs/target/classes/keyproof/policy/bundle.tar.gz";

    private final Path folder;
    private final PolicyFolder policy;
    private final Checkout checkout;

    public PolicyFile(Home home, Checkout checkout) {
        this.folder = home.root().resolve("policy");
        this.policy = new PolicyFolder(folder);
        this.checkout = checkout;
    }

    /** The bundle. */
    public Path file() {
        return policy.bundle();
    }

    /** The key by which it is verified. */
    public Path key() {
        return policy.verificationKey();
    }

    /** The two, as parts are told of them. */
    Map<String, String> settings() {
        return Map.of("bundle", file().toString(), "key", key().toString(), "algorithm", "RS256");
    }

    /**
     * Puts it in place, if it is not there.
     *
     * @throws LauncherException if it was not built, an overlay is wrong, or it cannot be signed
     */
    public void ensure() throws LauncherException {
        try {
            Home.makePrivate(folder);
            policy.install(checkout.path(BUILT), null);
        } catch (IOException | InstallException e) {
            throw LauncherException.because("there is no policy to go by", e);
        }
    }
}
