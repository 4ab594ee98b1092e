package dev.keyproof.launcher.run;

import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.process.Stopper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stops what runs, each part as soon as those that need it have ended. */
public final class Shutdown {
    private final House house;
    private final Progress progress;

    public Shutdown(House house, Progress progress) {
        this.house = house;
        this.progress = progress;
    }

    /**
     * Stops every part that runs.
     *
     * @return how many ran
     */
    public int stop() {
        Map<String, CountDownLatch> ended = new HashMap<>();
        house.parts().forEach(part -> ended.put(part.name(), new CountDownLatch(1)));
        int ran = (int) house.parts().stream()
                .filter(part -> house.running(part).isPresent())
                .count();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Part part : house.parts()) {
                List<CountDownLatch> users = house.parts().stream()
                        .filter(other -> other.after().contains(part.name()))
                        .map(other -> ended.get(other.name()))
                        .filter(latch -> latch != null)
                        .toList();
                CountDownLatch done = Objects.requireNonNull(ended.get(part.name()));
                threads.execute(() -> {
                    try {
                        for (CountDownLatch user : users) {
                            user.await();
                        }
                        stop(part);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        done.countDown();
                    }
                });
            }
        }
        return ran;
    }

    private void stop(Part part) {
        Optional<ProcessId> running = house.running(part);
        if (running.isPresent()) {
            Progress.Step step = progress.begin(part.name(), "stopping");
            boolean byItself = Stopper.stop(running.get(), part.stopsWithin());
            step.done(
                    byItself
                            ? "stopped"
                            : "killed: it did not stop within "
                                    + part.stopsWithin().toSeconds() + " s");
        }
        house.pidFile(part).delete();
    }
}
