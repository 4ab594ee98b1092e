package dev.keyproof.evidence.http;

import dev.keyproof.evidence.access.NotRecordedException;
import dev.keyproof.evidence.pack.PackBuilder;
import dev.keyproof.evidence.pack.PackProgress;
import dev.keyproof.evidence.pack.PackShelf;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packs whose builder nobody waits for, one after another; forgotten by a restart, as those under way are. Thread-safe. */
final class PackBuilds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PackBuilds.class);

    /** More than people ask for at a time, and no more than a disk takes. */
    private static final int MOST_UNFINISHED = 8;

    /** So long a finished one is told of, counted in others. */
    private static final int MOST_FINISHED = 64;

    private static final int PATIENCE_S = 3;

    private final Map<String, Build> builds = new LinkedHashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("pack-builds").factory());

    /** Builds a pack and puts it on record. */
    @FunctionalInterface
    interface Work {
        Finished build(String build, PackProgress progress) throws EvidenceException, IOException, NotRecordedException;
    }

    /** A pack that is built, proven and on record. */
    record Finished(PackBuilder.Built built, PackShelf.Kept kept) {}

    /** How a build ended. */
    sealed interface End {
        record Done(Finished pack) implements End {}

        /** In the terms of a problem. */
        record Failed(String type, String detail) implements End {}
    }

    /** One of them. */
    static final class Build {
        private final String id = UUID.randomUUID().toString();
        private final PackProgress progress = new PackProgress();
        private volatile Optional<End> end = Optional.empty();

        private Build() {}

        String id() {
            return id;
        }

        PackProgress progress() {
            return progress;
        }

        Optional<End> end() {
            return end;
        }
    }

    /** Begins one when those before it are built; empty if too many are. */
    synchronized Optional<Build> begin(Work work) {
        if (builds.values().stream().filter(build -> build.end.isEmpty()).count() >= MOST_UNFINISHED) {
            return Optional.empty();
        }
        forget();
        Build build = new Build();
        builds.put(build.id, build);
        thread.execute(() -> build.end = Optional.of(ended(build, work)));
        return Optional.of(build);
    }

    private void forget() {
        long finished =
                builds.values().stream().filter(build -> build.end.isPresent()).count();
        for (Iterator<Build> each = builds.values().iterator(); each.hasNext() && finished >= MOST_FINISHED; ) {
            if (each.next().end.isPresent()) {
                each.remove();
                finished--;
            }
        }
    }

    private static End ended(Build build, Work work) {
        try {
            return new End.Done(work.build(build.id, build.progress));
        } catch (EvidenceException e) {
            return new End.Failed("not-possible", String.valueOf(e.getMessage()));
        } catch (NotRecordedException e) {
            return new End.Failed("not-recorded", String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.error("event=pack-build-failed build={}", build.id, e);
            return new End.Failed("failed", "the build failed; the service's log says why");
        }
    }

    synchronized Optional<Build> find(String id) {
        return Optional.ofNullable(builds.get(id));
    }

    /** What is being built is let be for a moment: interrupted it would close the files that others read. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
                LOG.warn("event=pack-builds-left-unfinished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
