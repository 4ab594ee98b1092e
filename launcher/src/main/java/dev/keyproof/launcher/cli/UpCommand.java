package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.run.HomeLock;
import dev.keyproof.launcher.run.Progress;
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
        try (HomeLock _ = HomeLock.take(context.home());
                Progress progress = Progress.show();
                Installation installation = new Installation(context.house(), progress)) {
            context.ensureShared();
            installation.start();
            installation.keep();
        }
        System.out.println();
        System.out.println(
                "  console  " + context.addresses().get("console") + "  (token: " + context.consoleToken() + ")");
        System.out.println("  broker   " + context.addresses().get("broker"));
        return 0;
    }
}
