package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Ports;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation a command is about. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the folder that holds everything (default: .keyproof in the checkout)")
    private @Nullable Path home;

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "" + Ports.DEFAULT_BASE,
            description = "where the ports begin; used when the home is made (default: ${DEFAULT-VALUE})")
    private int portBase;

    /** The home, which need not exist. */
    Home home() {
        Path chosen = home;
        return Home.at(chosen != null ? chosen : Checkout.current().path(".keyproof"));
    }

    /** The home's context, made when it is not there. */
    Context make() throws LauncherException {
        Home folder = home();
        folder.create();
        return context(folder);
    }

    /** The context of a home that exists. */
    Context existing() throws LauncherException {
        Home folder = home();
        if (Files.notExists(folder.configFile())) {
            throw new LauncherException("there is no installation in " + folder.root()
                    + "; './keyproof up' makes one, --home names another");
        }
        return context(folder);
    }

    private Context context(Home folder) throws LauncherException {
        Config config = Config.readOrMake(folder.configFile(), portBase);
        return new Context(folder, config, new Secrets(folder.secrets(), new SecureRandom()), Checkout.current());
    }
}
