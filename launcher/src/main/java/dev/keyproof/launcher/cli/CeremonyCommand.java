package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands a ceremony to a process of its own, which has the root in memory and ends after. */
@Command(
        name = "ceremony",
        description = {
            "Makes the root of a token group, shares it among custodians, and puts it together again.",
            "Commands: root, open-share, join, backup; each with --help."
        },
        footer = {
            "",
            "Example: ./keyproof ceremony root --token one --module /usr/lib/softhsm/libsofthsm2.so --pin-file one.pin \\",
            "           --custodians custodians.json --threshold 2 --out ceremony"
        })
final class CeremonyCommand implements Callable<Integer> {
    private static final String MAIN = "dev.keyproof.broker.ceremony.CeremonyApplication";

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "the ceremony's command and its options")
    private List<String> arguments = new ArrayList<>();

    /** The same process for a drill. */
    static int run(List<String> arguments) throws LauncherException {
        Checkout checkout = Checkout.current();
        List<String> words = new ArrayList<>(List.of(
                checkout.java().toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                checkout.classPath("key-broker/broker"),
                MAIN));
        words.addAll(arguments);
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw LauncherException.because("the ceremony cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }

    @Override
    public Integer call() throws LauncherException {
        return run(arguments);
    }
}
