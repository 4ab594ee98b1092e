package dev.keyproof.evidence.remote;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Severity;
import dev.keyproof.evidence.config.RemoteConfig;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.LogFinding;
import dev.keyproof.evidence.seal.OwnFindings;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy in a bucket: probes the bucket once a start, and copies what is new once an interval and when the service stops. Sealing
 * never waits for it; that it fails is said by {@code /health}, and is a finding once for each outage. Thread-safe.
 */
public final class RemoteTier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteTier.class);

    /** How long a stop waits for the last round; whoever stops the service waits 12 s for all of it. */
    private static final int PATIENCE_S = 6;

    private final RemoteConfig config;
    private final YearLogs logs;
    private final OwnFindings findings;
    private final Clock clock;
    private final Bucket bucket;
    private final Probe probe;
    private final Copier copier;
    private final CopiedFiles files;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("remote").daemon().factory());
    private volatile Optional<Probed> probed = Optional.empty();
    private volatile String trouble = "";
    private volatile String warning = "";

    private RemoteTier(
            RemoteConfig config,
            Bucket bucket,
            Path home,
            YearLogs logs,
            SealToken keys,
            Copier.Tokens tokens,
            OwnFindings findings,
            Clock clock) {
        this.config = config;
        this.logs = logs;
        this.findings = findings;
        this.clock = clock;
        this.bucket = bucket;
        this.probe = new Probe(bucket, clock);
        Depositor depositor =
                new Depositor(bucket, clock, Duration.ofDays(config.retentionDays()), key -> foreign(key));
        this.copier = new Copier(
                bucket, depositor, logs, head -> !keys.signersOf(head).isEmpty(), tokens);
        this.files = new CopiedFiles(bucket, depositor, home);
    }

    /** Not started yet; the bucket need not be there. */
    public static RemoteTier of(
            RemoteConfig config,
            Path home,
            YearLogs logs,
            SealToken keys,
            Optional<TimeStamper> stamper,
            OwnFindings findings,
            Clock clock)
            throws EvidenceException {
        Bucket bucket = S3Bucket.open(config.place(), config.endpoint(), config.region(), config.credentials());
        Copier.Tokens tokens =
                stamper.<Copier.Tokens>map(stamps -> stamps::latest).orElse(year -> Optional.empty());
        return new RemoteTier(config, bucket, home, logs, keys, tokens, findings, clock);
    }

    /** Begins to probe and to copy. */
    public void start(SealingLoop sealing, LogEvents events) {
        timer.execute(() -> {
            try {
                do {
                    round(sealing, events);
                } while (!stopped.await(config.intervalSeconds(), TimeUnit.SECONDS));
                // What was signed last is copied too: the token that signed it takes no older log.
                round(sealing, events);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void round(SealingLoop sealing, LogEvents events) {
        try {
            if (probed.isEmpty()) {
                tell(probe.run(), sealing, events);
            }
            copier.round();
            files.round();
            trouble = "";
        } catch (EvidenceException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (trouble.isEmpty()) {
                LOG.warn("event=remote-copy-failed reason=\"{}\"", reason);
                find("remote-copy", bucket.name() + clock.instant(), "The log is not copied", reason);
            }
            trouble = reason;
        }
    }

    private void tell(Probed found, SealingLoop sealing, LogEvents events) throws EvidenceException {
        CompletableFuture<Void> _ = sealing.seal(
                events.remoteProbe(
                        logs.origin(logs.year()), bucket.name(), found.verdict().word(), found.allowed()),
                (year, index) -> LOG.info(
                        "event=remote-probed bucket={} lock={} year={} index={}",
                        bucket.name(),
                        found.verdict().word(),
                        year,
                        index));
        if (found.verdict() != Probed.Verdict.ENFORCED) {
            find(
                    "remote-lock",
                    bucket.name() + found.at(),
                    "The copy of the log is not proven to be locked",
                    bucket.name() + ": " + found.sentence());
        }
        probed = Optional.of(found);
    }

    private void foreign(String key) {
        warning = "somebody else had put something under " + key;
        LOG.warn("event=remote-key-taken bucket={} key={}", bucket.name(), key);
        find(
                "remote-key",
                bucket.name() + key,
                "Somebody else writes to the bucket of the log's copy",
                bucket.name() + ": " + warning + "; ours is there as another version");
    }

    private void find(String kind, String same, String title, String text) {
        String origin = logs.origin(logs.year());
        LogFinding finding = new LogFinding(
                kind,
                origin + "\n" + same,
                Severity.HIGH,
                origin,
                title,
                text,
                "copy of the log",
                JsonNodeFactory.instance.objectNode().put("origin", origin).put("bucket", bucket.name()));
        findings.add(finding.uid(), finding.event(clock.millis()));
    }

    /** How the copy stands, for {@code /health} and {@code /v1/state}. */
    public ObjectNode state() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("bucket", bucket.name());
        Optional<Probed> found = probed;
        json.put("lock", found.map(one -> one.verdict().word()).orElse("unknown"));
        found.ifPresent(one -> {
            json.put("probed", one.at().toString());
            json.put("says", one.sentence());
        });
        ObjectNode sizes = json.putObject("copied");
        new TreeMap<>(copier.copied()).forEach((year, size) -> sizes.put(Integer.toString(year), size));
        if (!warning.isEmpty()) {
            json.put("warning", warning);
        }
        return trouble.isEmpty() ? json : json.put("trouble", trouble);
    }

    /** What a pack must say that it does not prove about the copy. */
    public String notProven() {
        Optional<Probed> found = probed;
        String where = "That a copy of this log which nobody can delete lies in " + bucket.name();
        if (found.isEmpty()) {
            return where + ". Whether that bucket locks what it is given was not found out yet.";
        }
        String last = "When last probed, " + found.get().sentence() + "; the entries LogRemoteProbe say when.";
        return found.get().verdict() == Probed.Verdict.ENFORCED
                ? where + ", up to which entry, and that nobody with full control of its server removed the files below"
                        + " it. " + last
                : where + ". " + last;
    }

    /** The same where there is no bucket. */
    public static String notProvenWithout() {
        return "That there is a copy of this log which nobody can delete. No remote tier is configured.";
    }

    @Override
    public void close() {
        stopped.countDown();
        timer.shutdown();
        try {
            if (!timer.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
                LOG.warn("event=remote-not-copied-to-the-end bucket={}", bucket.name());
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        bucket.close();
    }
}
