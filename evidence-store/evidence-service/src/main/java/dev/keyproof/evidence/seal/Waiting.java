package dev.keyproof.evidence.seal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Done when an entry is on disk. It is cancelled only while it waits for its turn: what is being sealed cannot be withdrawn. */
final class Waiting extends CompletableFuture<Void> {
    private final AtomicBoolean decided = new AtomicBoolean();

    /** Whether it is its turn now; false if it was cancelled. */
    boolean take() {
        return decided.compareAndSet(false, true);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return decided.compareAndSet(false, true) && super.cancel(mayInterruptIfRunning);
    }
}
