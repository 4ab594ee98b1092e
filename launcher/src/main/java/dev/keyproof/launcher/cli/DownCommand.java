package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.ServerFolder;
import dev.keyproof.launcher.run.HomeLock;
import dev.keyproof.launcher.run.Progress;
import dev.keyproof.launcher.run.Shutdown;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops what runs. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops every part; --purge also deletes the home with all its data.",
        footer = {"", "Example: ./keyproof down --purge"})
final class DownCommand implements Callable<Integer> {
    @Mixin
    private HomeOption where = new HomeOption();

    @Option(names = "--purge", description = "delete the home afterwards: keys, log and all")
    private boolean purge;

    @Override
    public Integer call() throws LauncherException {
        Home home = where.home();
        if (Files.notExists(home.configFile())) {
            System.out.println("nothing runs: there is no installation in " + home.root());
            return 0;
        }
        Context context = where.existing();
        try (HomeLock _ = HomeLock.take(context.home());
                Progress progress = Progress.show()) {
            int stopped = new Shutdown(context.house(), progress).stop();
            if (stopped == 0) {
                System.out.println("nothing runs");
            }
            if (purge) {
                ServerFolder.purge(context.home());
                System.out.println("deleted " + context.home().root());
            }
        }
        return 0;
    }
}
