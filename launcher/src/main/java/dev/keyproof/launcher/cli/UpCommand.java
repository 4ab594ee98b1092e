package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.launcher.run.HomeLock;
import dev.keyproof.launcher.run.House;
import dev.keyproof.launcher.run.Progress;
import dev.keyproof.launcher.run.Shutdown;
import dev.keyproof.launcher.run.Starter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts what does not run. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts every part that does not run yet, on the data that is there.",
        footer = {"", "Example: ./keyproof up --home /var/lib/keyproof"})
final class UpCommand implements Callable<Integer> {
    @Mixin
    private HomeOption where = new HomeOption();

    @Override
    public Integer call() throws LauncherException {
        Context context = where.make();
        try (HomeLock _ = HomeLock.take(context.home())) {
            context.ensureShared();
            bringUp(context.house());
        }
        return 0;
    }

    /** Starts the house; when that fails, nothing of it is left running. */
    static void bringUp(House house) throws LauncherException {
        Progress progress = Progress.show();
        Thread onInterrupt = new Thread(() -> new Shutdown(house, progress).stop(), "stop-on-interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (progress) {
            new Starter(house, new Spawner(), progress).start();
        } catch (LauncherException e) {
            new Shutdown(house, progress).stop();
            throw e;
        } finally {
            removeHook(onInterrupt);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs already.
        }
    }
}
