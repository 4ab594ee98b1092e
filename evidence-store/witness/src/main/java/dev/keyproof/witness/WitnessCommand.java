package dev.keyproof.witness;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code witness}: remembers the last head of other people's logs and cosigns what extends it; {@code witness key} makes its key. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = {
            "Cosigns the heads of logs as long as each extends the one before (C2SP tlog-witness). Run it on a machine that",
            "those who run the log do not control; each year's log has an origin, and so a verifier key, of its own."
        },
        footer = {
            "",
            "Example:",
            "  keyproof witness key --key witness.key --name witness.example/one",
            "  keyproof witness --key witness.key --log keyproof/log/one-machine/2026+... --state seen --port 7400"
        })
public final class WitnessCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--key", paramLabel = "FILE", description = "The witness's key, made by 'witness key'.")
    private @Nullable Path key;

    @Option(
            names = "--log",
            paramLabel = "VKEY",
            arity = "1..*",
            description = "Verifier keys of the logs to witness; the first key's name is the log's origin.")
    private List<String> logs = new ArrayList<>();

    @Option(names = "--state", paramLabel = "DIR", description = "Where the last head of each log is kept.")
    private @Nullable Path state;

    @Option(names = "--port", paramLabel = "N", defaultValue = "7400", description = "Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen; default: ${DEFAULT-VALUE}. Put TLS before anything else.")
    private InetAddress address = InetAddress.getLoopbackAddress();

    /** The witness alone, without the rest of Keyproof. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new WitnessCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        Path keyFile = needed(key, "--key");
        Path folder = needed(state, "--state");
        if (logs.isEmpty()) {
            throw new ParameterException(line(), "a log is missing: --log VKEY");
        }
        List<NoteVerifier> verifiers = new ArrayList<>();
        for (String vkey : logs) {
            try {
                verifiers.add(NoteVerifier.parse(vkey));
            } catch (NoteException e) {
                throw new ParameterException(line(), "--log: " + e.getMessage());
            }
        }
        try (WitnessServer server = WitnessServer.start(
                WitnessKey.read(keyFile, InstantSource.system()), verifiers, folder, address, port)) {
            out().println("witness " + server.vkey());
            out().println("listens at http://" + address.getHostAddress() + ":" + server.port() + "/add-checkpoint");
            out().flush();
            new CountDownLatch(1).await();
            return 0;
        } catch (WitnessException e) {
            line().getErr().println("witness: " + e.getMessage());
            return FAILED;
        }
    }

    @Command(
            name = "key",
            mixinStandardHelpOptions = true,
            description = "Makes a witness's key and prints the verifier key, which the log's operator configures.",
            footer = {"", "Example:", "  keyproof witness key --key witness.key --name witness.example/one"})
    int key(
            @Option(names = "--key", paramLabel = "FILE", required = true, description = "The file to make, mode 0600.")
                    Path file,
            @Option(names = "--name", paramLabel = "NAME", required = true, description = "For instance DOMAIN/ONE.")
                    String name) {
        try {
            out().println(WitnessKey.make(file, name).vkey());
            return 0;
        } catch (WitnessException e) {
            line().getErr().println("witness key: " + e.getMessage());
            return FAILED;
        }
    }

    private <T> T needed(@Nullable T value, String option) {
        if (value == null) {
            throw new ParameterException(line(), option + " is missing");
        }
        return value;
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        return spec.commandLine();
    }

    private PrintWriter out() {
        return line().getOut();
    }
}
