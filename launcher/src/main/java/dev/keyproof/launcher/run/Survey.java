package dev.keyproof.launcher.run;

import dev.keyproof.launcher.parts.Health;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.Memory;
import dev.keyproof.launcher.process.ProcessId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks every part how it is. */
public final class Survey {
    /**
     * How one part is.
     *
     * @param pid its process, 0 when it does not run
     * @param memoryMib memory of the process and its children
     */
    public record Row(
            String name, String address, boolean running, boolean up, long pid, long memoryMib, String detail) {}

    private Survey() {}

    /** A row for each part, in the house's order. */
    public static List<Row> of(House house) {
        List<Future<Row>> rows = new ArrayList<>();
        // Closing the executor waits for all of them.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Part part : house.parts()) {
                rows.add(threads.submit(() -> row(house, part)));
            }
        }
        return rows.stream().map(Future::resultNow).toList();
    }

    private static Row row(House house, Part part) {
        Optional<ProcessId> running = house.running(part);
        if (running.isEmpty()) {
            return new Row(part.name(), part.address(), false, false, 0, 0, "not running");
        }
        Health health = part.health();
        long pid = running.get().pid();
        return new Row(
                part.name(),
                part.address(),
                true,
                health.up(),
                pid,
                Memory.pssKib(List.of(pid)) / 1024,
                health.detail());
    }
}
