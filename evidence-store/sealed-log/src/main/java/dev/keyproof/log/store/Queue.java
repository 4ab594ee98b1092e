package dev.keyproof.log.store;

import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Appends that wait for the commit turn, bounded in bytes: who appends faster than the disk writes, waits. */
final class Queue {
    private static final int DRAINED = 1024;
    /** What an append costs beside its bytes. */
    private static final int OVERHEAD = 256;

    private record Waiting(@Nullable Append append, int cost) {}

    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    /** Taken out of {@code queue} in one go; only in the commit turn. */
    private final ArrayDeque<Waiting> drained = new ArrayDeque<>(DRAINED);

    private final int most;
    private final Semaphore budget;
    private boolean ended;

    Queue(int most) {
        this.most = most;
        this.budget = new Semaphore(most);
    }

    /** Waits while the queue is full. */
    void put(Append append, int bytes) {
        int cost = Math.min(most, bytes + OVERHEAD);
        budget.acquireUninterruptibly(cost);
        queue.add(new Waiting(append, cost));
    }

    /** Appends that wait, but for those of the commit under way. */
    int size() {
        return queue.size();
    }

    /** Nothing comes after this. */
    void end() {
        queue.add(new Waiting(null, 0));
    }

    /** The next append without taking it, waiting for one; null at the end. Only in the commit turn. */
    @Nullable Append await() {
        boolean interrupted = false;
        while (drained.isEmpty() && !ended) {
            try {
                drained.add(queue.take());
                queue.drainTo(drained, DRAINED);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return peek();
    }

    /** The next append without taking it; null if none waits. Only in the commit turn. */
    @Nullable Append peek() {
        if (drained.isEmpty()) {
            queue.drainTo(drained, DRAINED);
        }
        Waiting first = drained.peek();
        if (first == null) {
            return null;
        }
        ended = ended || first.append() == null;
        return first.append();
    }

    /** Takes what {@link #peek} showed. */
    void take() {
        budget.release(drained.remove().cost());
    }

    /** Fails what is left when no commit thread is. */
    void failAll(Throwable cause) {
        Waiting left = queue.poll();
        while (left != null) {
            if (left.append() != null) {
                left.append().failed(cause);
            }
            left = queue.poll();
        }
    }
}
