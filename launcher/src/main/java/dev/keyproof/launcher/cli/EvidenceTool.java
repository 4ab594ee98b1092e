package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A tool of the evidence service, run in a process of its own with that service's class path. */
final class EvidenceTool {
    private final String main;

    EvidenceTool(String main) {
        this.main = main;
    }

    /** Runs it in this terminal; its exit code. */
    int run(List<String> arguments) throws LauncherException {
        Checkout checkout = Checkout.current();
        List<String> words = new ArrayList<>(List.of(
                checkout.java().toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                checkout.classPath("evidence-store/evidence-service"),
                main));
        words.addAll(arguments);
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw LauncherException.because("the evidence service's tool cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
