package dev.keyproof.launcher.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes that we started, and no others. */
public final class Stopper {
    private Stopper() {}

    /**
     * Asks the process to end, and ends it with its children when it has not done so within {@code patience}.
     *
     * @return whether it ended by itself
     */
    public static boolean stop(ProcessId id, Duration patience) {
        if (!id.alive()) {
            return true;
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(id.pid());
        if (handle.isEmpty()) {
            return true;
        }
        List<ProcessHandle> children = handle.get().descendants().toList();
        handle.get().destroy();
        if (ended(handle.get(), patience)) {
            return true;
        }
        children.forEach(ProcessHandle::destroyForcibly);
        if (id.alive()) {
            handle.get().destroyForcibly();
        }
        ended(handle.get(), Duration.ofSeconds(5));
        return false;
    }

    private static boolean ended(ProcessHandle handle, Duration patience) {
        CompletableFuture<ProcessHandle> exit = handle.onExit();
        try {
            exit.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !handle.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !handle.isAlive();
        }
    }
}
