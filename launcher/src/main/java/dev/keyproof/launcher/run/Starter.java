package dev.keyproof.launcher.run;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Health;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.LogTail;
import dev.keyproof.launcher.process.PortCheck;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.process.Spawner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Starts what does not run yet, side by side, each part as soon as those it needs are well. */
public final class Starter {
    private static final long POLL_MS = 100;

    private final House house;
    private final Spawner spawner;
    private final Progress progress;
    private final CountDownLatch abort = new CountDownLatch(1);
    private final AtomicReference<LauncherException> failure = new AtomicReference<>();

    public Starter(House house, Spawner spawner, Progress progress) {
        this.house = house;
        this.spawner = spawner;
        this.progress = progress;
    }

    /**
     * Brings every part up. Returns when all are well.
     *
     * @throws LauncherException if a port is taken or a part does not come up; the parts that were started by then still run
     */
    public void start() throws LauncherException {
        checkPorts();
        Map<String, CompletableFuture<Boolean>> well = new HashMap<>();
        house.parts().forEach(part -> well.put(part.name(), new CompletableFuture<>()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Part part : house.parts()) {
                List<CompletableFuture<Boolean>> needs = part.after().stream()
                        .map(well::get)
                        .filter(need -> need != null)
                        .toList();
                CompletableFuture<Boolean> done = Objects.requireNonNull(well.get(part.name()));
                threads.execute(() -> done.complete(bring(part, needs)));
            }
        }
        LauncherException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private void checkPorts() throws LauncherException {
        for (Part part : house.parts()) {
            if (house.running(part).isPresent()) {
                continue;
            }
            for (Map.Entry<String, Integer> port : part.ports().entrySet()) {
                if (!PortCheck.free(port.getValue())) {
                    throw new LauncherException("port " + port.getValue() + " (" + port.getKey() + " of " + part.name()
                            + ") is taken by another program: stop it, or change ports." + port.getKey() + " in "
                            + house.home().configFile());
                }
            }
        }
    }

    private boolean bring(Part part, List<CompletableFuture<Boolean>> needs) {
        for (CompletableFuture<Boolean> need : needs) {
            if (!need.join()) {
                return false;
            }
        }
        if (abort.getCount() == 0) {
            return false;
        }
        Progress.Step step = progress.begin(part.name(), "starting");
        try {
            boolean ran = house.running(part).isPresent();
            if (!ran) {
                launch(part, step);
            }
            if (!await(part, step)) {
                step.failed("given up");
                return false;
            }
            part.settle();
            step.done((ran ? "runs already at " : "up at ") + part.address());
            return true;
        } catch (LauncherException e) {
            fail(step, e);
            return false;
        } catch (RuntimeException e) {
            fail(step, LauncherException.because(part.name() + " cannot be started", e));
            return false;
        }
    }

    private void fail(Progress.Step step, LauncherException e) {
        failure.compareAndSet(null, e);
        abort.countDown();
        step.failed(String.valueOf(e.getMessage()));
    }

    private void launch(Part part, Progress.Step step) throws LauncherException {
        step.doing("preparing");
        part.prepare();
        ProcessId id = spawner.start(part.command(), house.log(part));
        house.pidFile(part).write(id);
        step.doing("starting, process " + id.pid());
    }

    /** Waits until the part is well; false when another part has failed meanwhile. */
    private boolean await(Part part, Progress.Step step) throws LauncherException {
        long deadline = System.nanoTime() + part.startsWithin().toNanos();
        Health health = new Health(false, "not asked yet");
        while (System.nanoTime() < deadline) {
            Optional<ProcessId> running = house.running(part);
            if (running.isEmpty()) {
                house.pidFile(part).delete();
                throw new LauncherException(part.name() + " stopped: " + LogTail.reasonIn(house.log(part))
                        + " (all of it in " + house.log(part) + ")");
            }
            health = part.health();
            if (health.up()) {
                return true;
            }
            step.doing(health.detail());
            if (pause()) {
                return false;
            }
        }
        throw new LauncherException(part.name() + " is not well after "
                + Duration.ofNanos(part.startsWithin().toNanos()).toSeconds() + " s (" + health.detail() + "): "
                + LogTail.reasonIn(house.log(part)));
    }

    /** Waits a moment; true when the start has been given up. */
    private boolean pause() {
        try {
            return abort.await(POLL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
