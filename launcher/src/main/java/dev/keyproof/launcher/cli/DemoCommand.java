package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.MemoryPeak;
import dev.keyproof.launcher.run.HomeLock;
import dev.keyproof.launcher.run.House;
import dev.keyproof.launcher.run.Progress;
import dev.keyproof.launcher.workload.BrokerClient;
import dev.keyproof.launcher.workload.Counts;
import dev.keyproof.launcher.workload.Drain;
import dev.keyproof.launcher.workload.Stores;
import dev.keyproof.launcher.workload.Story;
import dev.keyproof.launcher.workload.Summary;
import dev.keyproof.launcher.workload.Workload;
import dev.keyproof.launcher.workload.WorkloadException;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.UnreadableException;
import dev.keyproof.verify.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything, once: set up, started, worked, reconciled, verified. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Sets up and starts every part, drives a real workload, reconciles every store's count, verifies the pack. "
                        + "Exits 0 only if all of it agrees.",
        footer = {"", "Example: ./keyproof demo --keep"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(90);
    // Of the compliance findings one that passed or failed, not one that did not apply.
    private static final String COMPLIANCE =
            "{\"bool\":{\"filter\":[{\"term\":{\"class_uid\":2003}},{\"terms\":{\"compliance.status_id\":[1,3]}}]}}";
    private static final String BURST = "{\"term\":{\"finding_info.analytic.uid\":\"key-use-burst\"}}";

    @Mixin
    private HomeOption where = new HomeOption();

    @Option(names = "--keep", description = "leave everything running; './keyproof down' stops it")
    private boolean keep;

    @Override
    public Integer call() throws LauncherException {
        long begun = Long.getLong("keyproof.begun", System.currentTimeMillis());
        Context context = where.make();
        House house = context.house();
        Demonstration demonstration;
        Summary summary;
        try (HomeLock _ = HomeLock.take(context.home());
                Progress progress = Progress.show();
                MemoryPeak memory = MemoryPeak.of(() -> processes(house));
                Installation installation = new Installation(house, progress)) {
            context.ensureShared();
            double setup = secondsSince(begun);
            installation.start();
            double start = secondsSince(begun) - setup;
            demonstration = demonstrate(context, progress);
            double total = secondsSince(begun);
            summary = demonstration.summary(
                    context, new Summary.Seconds(setup, start, tenth(total - setup - start), total), memory.mib());
            summary.write(context.home().demo().resolve("summary.json"));
            if (keep) {
                installation.keep();
            }
        }
        System.out.println(demonstration.story(context, summary));
        demonstration.complaints().forEach(line -> System.err.println("keyproof: " + line));
        return demonstration.complaints().isEmpty() ? 0 : 1;
    }

    private static Collection<Long> processes(House house) {
        List<Long> pids = new ArrayList<>(house.pids());
        pids.add(ProcessHandle.current().pid());
        return pids;
    }

    private static double secondsSince(long epochMillis) {
        return tenth((System.currentTimeMillis() - epochMillis) / 1000.0);
    }

    private static double tenth(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }

    /** What came out. */
    private record Demonstration(
            String run,
            Counts counts,
            Workload.Result result,
            Path pack,
            Path trust,
            Verdict anchored,
            Verdict alone,
            List<JsonNode> examples,
            List<String> complaints) {

        Summary summary(Context context, Summary.Seconds seconds, long peakMib) {
            return new Summary(
                    run,
                    counts.operations(),
                    counts.journalled(),
                    counts.published(),
                    counts.sealed(),
                    counts.indexed(),
                    counts.findings().kafka(),
                    counts.alerts().kafka(),
                    counts.quarantined().kafka(),
                    context.home().root().relativize(pack).toString(),
                    context.home().root().relativize(trust).toString(),
                    anchored instanceof Verdict.Proven,
                    context.address("console"),
                    context.address("broker"),
                    context.address("opensearch"),
                    seconds,
                    peakMib);
        }

        String story(Context context, Summary summary) throws LauncherException {
            Story story = new Story()
                    .heading(counts.operations()
                            + " key operations went in on the left and came out on the right as proof")
                    .counts(counts)
                    .heading("One event: a key operation, as it lies in the log")
                    .event(examples.get(0))
                    .heading("One finding: what policy thinks of a key")
                    .finding(examples.get(1))
                    .heading("One alert: the burst, as it left by signed webhook")
                    .finding(examples.get(2))
                    .heading("The pack, for an auditor to verify with nothing of ours")
                    .line("file", pack + sizeOf(pack))
                    .line("with anchor", said(anchored))
                    .line("without", said(alone))
                    .line("yourself", "./keyproof verify " + pack + " --trust " + trust)
                    .heading("Where it is")
                    .line("console", summary.console() + "  token: " + context.consoleToken())
                    .line("broker", summary.broker() + "/openapi.json")
                    .line("opensearch", summary.opensearch())
                    .line("home", context.home().root().toString())
                    .line(
                            "took",
                            "%.1f s to set up, %.1f s to start, %.1f s of work; at most %,d MiB of memory"
                                    .formatted(
                                            summary.seconds().setup(),
                                            summary.seconds().start(),
                                            summary.seconds().workload(),
                                            summary.peakMemoryMib()));
            return story.toString();
        }

        private static String sizeOf(Path file) {
            try {
                return "  (%,d KiB)".formatted(Files.size(file) / 1024);
            } catch (IOException e) {
                return "";
            }
        }

        private static String said(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Proven _ -> "proven: complete, unaltered, and signed by whom the trust file names";
                case Verdict.SignerUnproven _ -> "consistent, signer unproven: only the pack itself says who signed it";
                case Verdict.Broken broken -> "BROKEN: " + broken.first();
                case Verdict.Unreadable unreadable -> "UNREADABLE: " + unreadable.reason();
            };
        }
    }

    private static Demonstration demonstrate(Context context, Progress progress) throws LauncherException {
        String run = "demo-" + HexFormat.of().formatHex(random(6));
        Stores stores = context.stores();
        BrokerClient broker = new BrokerClient(URI.create(context.address("broker")), run);

        Progress.Step trail = progress.begin("cloudtrail", "copying");
        trail.done(context.copyCloudTrail() + " files for the collector to read");

        Progress.Step work = progress.begin("workload", "begins");
        Workload.Result result;
        try {
            result = new Workload(broker, context.identities(), work::doing).run();
            work.done(broker.operations() + " key operations answered");
        } catch (WorkloadException | LauncherException e) {
            work.failed(String.valueOf(e.getMessage()));
            throw LauncherException.because("the workload failed", e);
        }

        Progress.Step reconcile = progress.begin("reconcile", "counting");
        Counts counts = new Drain(stores, run, broker.operations(), DRAIN, reconcile::doing).drained();
        List<String> complaints = new ArrayList<>(counts.disagreements());
        if (complaints.isEmpty()) {
            reconcile.done("every store counts the same");
        } else {
            reconcile.failed(complaints.getFirst());
        }

        Progress.Step packing = progress.begin("pack", "exporting");
        JsonNode exported = stores.pack();
        Path pack = context.home().root().resolve(exported.path("pack").asText());
        Path trust = context.home().root().resolve(exported.path("trust").asText());
        PackVerifier verifier = new PackVerifier(Clock.systemUTC());
        Verdict anchored = verifier.verify(pack, trustFile(trust), false);
        Verdict alone = verifier.verify(pack, null, false);
        if (anchored instanceof Verdict.Proven && alone instanceof Verdict.SignerUnproven) {
            packing.done("verified with the anchor, consistent without");
        } else {
            String why = Demonstration.said(anchored) + "; without the anchor: " + Demonstration.said(alone);
            complaints.add("the pack does not verify: " + why);
            packing.failed(why);
        }
        List<JsonNode> examples = List.of(
                stores.latest("keyproof-events", Stores.ofRun(run)),
                stores.latest("keyproof-findings", COMPLIANCE),
                stores.latest("keyproof-alerts", BURST));
        return new Demonstration(run, counts, result, pack, trust, anchored, alone, examples, complaints);
    }

    private static TrustFile trustFile(Path file) throws LauncherException {
        try {
            return TrustFile.parse(Files.readString(file));
        } catch (IOException | UnreadableException e) {
            throw LauncherException.because("the trust file " + file + " cannot be read", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
