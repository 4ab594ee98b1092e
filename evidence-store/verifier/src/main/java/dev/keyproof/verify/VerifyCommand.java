package dev.keyproof.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify}: is this pack what it says it is? Needs no network and no running part. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Verifies an evidence pack, offline.",
            "Exit code: 0 proven; 3 consistent, signer unproven; 1 broken or altered; 2 not a pack or not readable."
        },
        footer = {"", "Example:", "  keyproof verify packs/2026.zip --trust anchor.trust"})
public final class VerifyCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PACK", description = "The pack, a .zip file.")
    private @Nullable Path pack;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "A trust file, handed over by another way than the pack. May be given more than once.")
    private List<Path> trust = List.of();

    @Option(
            names = "--older",
            paramLabel = "PACK",
            description = "Another pack of the same installation, kept from before: the logs of both must agree. May be"
                    + " given more than once.")
    private List<Path> older = List.of();

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Option(names = "--all-faults", description = "Goes on after the first fault where that makes sense.")
    private boolean allFaults;

    /** Runs the command alone. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new VerifyCommand()).execute(args));
    }

    @Override
    public Integer call() {
        if (spec == null || pack == null) {
            throw new IllegalStateException("run by picocli only");
        }
        PrintWriter out = spec.commandLine().getOut();
        Verdict verdict = verdict(pack);
        out.print(json ? VerdictText.json(pack, verdict) : VerdictText.human(pack, verdict));
        out.flush();
        return verdict.exitCode();
    }

    private Verdict verdict(Path file) {
        TrustFile anchor = null;
        try {
            for (Path one : trust) {
                TrustFile read = TrustFile.parse(Files.readString(one));
                anchor = anchor == null ? read : anchor.and(read);
            }
        } catch (UnreadableException e) {
            return new Verdict.Unreadable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Verdict.Unreadable("trust file cannot be read: " + e.getMessage());
        }
        return new OlderPacks(Clock.systemUTC(), anchor, older).verify(file, allFaults);
    }
}
