package dev.keyproof.evidence.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.config.ConfigException;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.config.RemoteConfig;
import dev.keyproof.evidence.head.TrustedHeads;
import dev.keyproof.evidence.remote.RemoteCopy;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.witness.AskedWitness;
import dev.keyproof.log.LogException;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.UnreadableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evidence compare}: disk, bucket and witnesses, and which of them lies. */
@Command(
        name = "keyproof evidence compare",
        mixinStandardHelpOptions = true,
        description = {
            "Holds the log on disk, its copy in the bucket and what the witnesses cosigned against each other.",
            "The evidence service must be stopped. The whole copy is brought into --work and removed afterwards.",
            "Exit code: 0 all agree; 1 they do not, and the output says which of them lies, or that nothing tells it; 2 not"
                    + " to be done."
        },
        footer = {"", "Example: ./keyproof evidence compare --trust 2026.trust"})
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "CONFIG", description = "the evidence service's configuration")
    private Path config = Path.of("");

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            required = true,
            description = "a trust file that names the log's keys")
    private Path trust = Path.of("");

    @Option(names = "--year", paramLabel = "YEAR", description = "which log (default: this year's)")
    private @Nullable Integer year;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "where the copy is brought to (default: a temporary folder)")
    private @Nullable Path work;

    @Option(names = "--json", description = "prints one JSON object instead of text")
    private boolean json;

    /** Runs the command alone. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command; what cannot be done is one line and exit code 2. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new CompareCommand());
        line.setExecutionExceptionHandler((fault, command, _) -> {
            command.getErr()
                    .println("keyproof: "
                            + String.valueOf(fault.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(fault.toString()));
            return 2;
        });
        return line;
    }

    @Override
    public Integer call()
            throws EvidenceException, ConfigException, LogException, IOException, InterruptedException,
                    UnreadableException {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("run by picocli only");
        }
        EvidenceConfig settings = ConfigReader.read(config);
        RemoteConfig remote = settings.remote()
                .orElseThrow(
                        () -> new EvidenceException(config + " names no bucket to compare the log with: set remote"));
        TrustFile anchor = TrustFile.parse(Files.readString(trust));
        Integer given = year;
        int which = given == null ? Year.now(ZoneOffset.UTC).getValue() : given;
        Path place = work;
        Path scratch = place == null
                ? Files.createTempDirectory("keyproof-compare")
                : Files.createTempDirectory(Files.createDirectories(place), "copy");
        Comparison found;
        try {
            TrustedHeads trusted = new TrustedHeads(anchor);
            Copy disk =
                    Copy.in("disk", settings.home().resolve("log").resolve(Integer.toString(which)), which, trusted);
            found = compare(disk, brought(new RemoteCopy(remote, anchor), scratch, which, trusted), settings);
        } finally {
            DurableFiles.deleteTree(scratch);
        }
        PrintWriter out = known.commandLine().getOut();
        out.print(json ? json(found) : text(found));
        out.flush();
        return found.agrees() ? 0 : 1;
    }

    private static Copy brought(RemoteCopy remote, Path scratch, int year, TrustedHeads trusted) {
        try {
            remote.bring(scratch);
        } catch (EvidenceException e) {
            return new Copy.Unsound(remote.name(), String.valueOf(e.getMessage()));
        }
        return Copy.in(remote.name(), scratch.resolve("log").resolve(Integer.toString(year)), year, trusted);
    }

    private static Comparison compare(Copy disk, Copy remote, EvidenceConfig settings)
            throws LogException, InterruptedException {
        List<AskedWitness> witnesses =
                settings.witnesses().list().stream().map(AskedWitness::new).toList();
        try {
            return Comparison.of(disk, remote, witnesses);
        } finally {
            witnesses.forEach(AskedWitness::close);
        }
    }

    private static String text(Comparison found) {
        StringBuilder text = new StringBuilder();
        found.facts().forEach(fact -> text.append("  ").append(fact).append('\n'));
        found.lies().forEach(lie -> text.append("LIES      ").append(lie).append('\n'));
        found.open().forEach(one -> text.append("DISAGREE  ").append(one).append('\n'));
        if (found.agrees()) {
            text.append("AGREE     Disk and bucket hold the same log, and no witness that answers contradicts it.\n");
        }
        return text.toString();
    }

    private static String json(Comparison found) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("agree", found.agrees());
        found.lies().forEach(json.putArray("lies")::add);
        found.open().forEach(json.putArray("open")::add);
        found.facts().forEach(json.putArray("facts")::add);
        return json.toPrettyString() + "\n";
    }
}
