package dev.keyproof.stream.compliance;

import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.FileWatch;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.stream.emit.Uid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for another bundle in a file's place, and loads it for whoever takes it; on a thread of its own once it is started. */
final class BundleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BundleWatch.class);
    private static final long EACH_MS = 2_000;

    private final Path file;
    private final BundleTrust trust;
    private final FileWatch watch;
    private final AtomicReference<@Nullable PolicyEngine> next = new AtomicReference<>();
    private final AtomicReference<@Nullable Refused> refused = new AtomicReference<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "policy-watch");
        daemon.setDaemon(true);
        return daemon;
    });

    /**
     * A bundle that was put in place and is not used.
     *
     * @param bundle digest of what stands there
     */
    record Refused(String bundle, String reason) {}

    BundleWatch(Path file, BundleTrust trust) {
        this.file = file;
        this.trust = trust;
        this.watch = new FileWatch(file);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It catches what it throws; there is nothing to wait for.
    static BundleWatch started(Path file, BundleTrust trust) {
        BundleWatch started = new BundleWatch(file, trust);
        started.thread.scheduleWithFixedDelay(started::look, 0, EACH_MS, TimeUnit.MILLISECONDS);
        return started;
    }

    /** The first look loads what is there: it may have been changed since the job was sent. */
    void look() {
        try {
            if (watch.changed() && Files.exists(file)) {
                next.set(PolicyEngine.load(trust.read(file)));
            }
        } catch (PolicyException | RuntimeException e) {
            LOG.error("event=policy-refused reason=\"{}\"", e.getMessage());
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private void refuse(String reason) {
        try {
            refused.set(new Refused(Uid.digest(Files.readAllBytes(file)), reason));
        } catch (IOException e) {
            // What cannot be read now is looked at again.
            watch.forget();
        }
    }

    /** What was loaded since it was last taken. */
    @Nullable PolicyEngine take() {
        return next.getAndSet(null);
    }

    /** What was refused since that was last taken. */
    @Nullable Refused takeRefused() {
        return refused.getAndSet(null);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
