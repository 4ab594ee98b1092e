package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.config.S3Place;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.UnreadableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evidence restore}: the log from its copy in a bucket, proven by a trust file. */
@Command(
        name = "keyproof evidence restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the sealed log, its time tokens and artifacts anew from their copy in a bucket, into a home without a log.",
            "Nothing in the bucket is believed but what the trust file's keys signed. Credentials come from the environment"
                    + " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a file.",
            "Not in the bucket, and so not restored: the token that signs, the keys of quarantined artifacts."
        },
        footer = {
            "",
            "Example: ./keyproof evidence restore --from s3://evidence/one --endpoint https://s3.example --home new --trust 2026.trust"
        })
public final class RestoreCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--from", paramLabel = "URL", required = true, description = "s3://BUCKET or s3://BUCKET/PREFIX")
    private String from = "";

    @Option(names = "--endpoint", paramLabel = "URL", description = "the S3 server (default: Amazon's)")
    private @Nullable URI endpoint;

    @Option(
            names = "--region",
            paramLabel = "NAME",
            defaultValue = "us-east-1",
            description = "the bucket's region (default: ${DEFAULT-VALUE})")
    private String region = "";

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "in the form of AWS's shared credentials file (default: the environment)")
    private @Nullable Path credentials;

    @Option(names = "--home", paramLabel = "DIR", required = true, description = "the home, made if it is not there")
    private Path home = Path.of("");

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            required = true,
            description = "a trust file that names the log's keys; once for each year")
    private List<Path> trusts = List.of();

    @Option(
            names = "--other-kafka",
            description =
                    "Kafka is not the one from which the log was sealed: its records are read from their beginning")
    private boolean otherKafka;

    /** Runs the command alone. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command; a fault is one line and exit code 1. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new RestoreCommand());
        line.setExecutionExceptionHandler((fault, command, _) -> {
            command.getErr().println("keyproof: " + oneLine(fault));
            return 1;
        });
        return line;
    }

    private static String oneLine(Exception fault) {
        return String.valueOf(fault.getMessage()).lines().findFirst().orElse(fault.toString());
    }

    @Override
    public Integer call() throws EvidenceException {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        PrintWriter out = spec.commandLine().getOut();
        TrustFile trust = TrustFile.none();
        for (Path file : trusts) {
            trust = trust.and(trust(file));
        }
        try (Bucket bucket =
                S3Bucket.open(place(), Optional.ofNullable(endpoint), region, Optional.ofNullable(credentials))) {
            Restore.Restored restored = new Restore(bucket, trust, home.toAbsolutePath(), !otherKafka).run();
            restored.logs()
                    .forEach(log -> out.println("restored "
                            + log.head().checkpoint().origin() + ": "
                            + log.head().size() + " entries, root "
                            + log.head().checkpoint().root().base64()
                            + (log.positions() ? "" : ", sealing goes on from the beginning of Kafka's records")));
            out.println("restored " + restored.files() + " files beside: certificates, time tokens, artifacts");
            out.flush();
            return 0;
        }
    }

    private S3Place place() throws EvidenceException {
        try {
            return S3Place.parse(from);
        } catch (IllegalArgumentException e) {
            throw new EvidenceException("--from: " + e.getMessage(), e);
        }
    }

    private static TrustFile trust(Path file) throws EvidenceException {
        try {
            return TrustFile.parse(Files.readString(file));
        } catch (IOException e) {
            throw new EvidenceException("the trust file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (UnreadableException e) {
            throw new EvidenceException(file + ": " + e.getMessage(), e);
        }
    }
}
