package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs and publishes checkpoints, at most a second apart while there is something new, off the commit path. Thread-safe. */
public final class HeadPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadPublisher.class);

    /** Shorter than the second that is promised, by what a publication takes. */
    private static final long PERIOD_MS = 800;

    private final YearLogs logs;
    private final SealToken token;
    private final HeadGuard guard;
    private final LogSigners signing;
    private final HeadGate gate;
    private final CheckpointCms cms;
    private final KeptHeads kept;
    private final Map<String, List<NoteSigner>> signers = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("heads").daemon().factory());
    private volatile String trouble = "";

    /** {@code gate} is asked before a head is signed. */
    public HeadPublisher(
            YearLogs logs,
            SealToken token,
            HeadGuard guard,
            LogSigners signing,
            HeadGate gate,
            CheckpointCms cms,
            KeptHeads kept) {
        this.signing = signing;
        this.gate = gate;
        this.cms = cms;
        this.kept = kept;
        this.logs = logs;
        this.token = token;
        this.guard = guard;
    }

    public void start() {
        timer.execute(() -> {
            try {
                while (!stopped.await(PERIOD_MS, TimeUnit.MILLISECONDS)) {
                    all();
                }
                // What was sealed last is not left without a head.
                all();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Empty while all is well, else one line. */
    public String trouble() {
        return trouble;
    }

    private void all() {
        for (int year : logs.all().keySet()) {
            try {
                Optional<SignedHead> head = publish(year);
                if (head.isPresent()) {
                    cms.keep(logs.folder(year), year, head.get());
                    kept.published(year, head.get());
                }
                trouble = "";
            } catch (EvidenceException | RuntimeException e) {
                if (trouble.isEmpty()) {
                    LOG.error("event=checkpoint-failed year={} reason=\"{}\"", year, e.getMessage());
                }
                trouble = "checkpoint of " + year + ": " + e.getMessage();
            }
        }
    }

    /** The head over everything that is durable now; empty while the log is empty. */
    public synchronized Optional<SignedHead> publish(int year) throws EvidenceException {
        SealedLog log = logs.all().get(year);
        if (log == null || log.size() == 0) {
            return Optional.empty();
        }
        Optional<SignedHead> last = log.lastHead();
        if (last.isPresent() && last.get().size() == log.size()) {
            return last;
        }
        gate.requireOpen(year);
        try {
            return Optional.of(log.publish(signers(year, log)));
        } catch (LogException e) {
            throw new EvidenceException("the log's head was not published: " + e.getMessage(), e);
        }
    }

    /** Something that is done while no head is signed. */
    @FunctionalInterface
    public interface Undisturbed {
        void run() throws EvidenceException;
    }

    /** Signs a head over what was sealed meanwhile, and none before that. */
    public synchronized SignedHead after(int year, Undisturbed sealing) throws EvidenceException {
        gate.requireOpen(year);
        sealing.run();
        return publish(year).orElseThrow(() -> new EvidenceException("nothing was sealed in " + year));
    }

    private List<NoteSigner> signers(int year, SealedLog log) throws EvidenceException {
        long last = log.lastHead().map(SignedHead::size).orElse(0L);
        List<NoteSigner> all = new ArrayList<>();
        for (int generation : signing.generations(year, last, log.size())) {
            String key = year + "/" + generation;
            List<NoteSigner> known = signers.get(key);
            if (known == null) {
                known = token.logSigners(logs.origin(year), generation).stream()
                        .map(guard::guarding)
                        .toList();
                signers.put(key, known);
            }
            all.addAll(known);
        }
        return all;
    }

    @Override
    public void close() {
        stopped.countDown();
        timer.shutdown();
        try {
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("event=heads-did-not-stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
