package dev.keyproof.launcher.setup;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The policy bundle that every part decides by: the one that was built, copied so that all of them read the same bytes. */
public final class PolicyFile {
    private static final String BUILT = "policy-packs/packs/target/classes/keyproof/policy/bundle.tar.gz";

    private final Home home;
    private final Checkout checkout;

    public PolicyFile(Home home, Checkout checkout) {
        this.home = home;
        this.checkout = checkout;
    }

    /** The copy. */
    public Path file() {
        return home.root().resolve("policy/bundle.tar.gz");
    }

    /**
     * Copies the bundle.
     *
     * @throws LauncherException if it was not built or cannot be copied
     */
    public void ensure() throws LauncherException {
        try {
            Home.makePrivate(home.root().resolve("policy"));
            Path part = file().resolveSibling("bundle.part");
            Files.copy(checkout.path(BUILT), part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw LauncherException.because("cannot copy the policy bundle " + checkout.path(BUILT), e);
        }
    }
}
