package dev.keyproof.broker.use;

import dev.keyproof.broker.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes blocks of uses for many callers at once: while one transaction is on its way, what is wanted meanwhile gathers for the next,
 * so the first uses of ten thousand keys cost some hundreds of transactions.
 */
final class Blocks {
    private static final int MOST = 256;

    private final UseStore store;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    Blocks(UseStore store) {
        this.store = store;
    }

    private record Waiting(UseStore.Wanted wanted, CompletableFuture<Long> taken) {}

    /** How many uses were taken; 0 where the limit is reached. */
    long take(UseStore.Wanted wanted) throws ProblemException {
        Waiting mine = new Waiting(wanted, new CompletableFuture<>());
        waiting.add(mine);
        // Whoever has the turn serves all who wait, this caller among them.
        while (!mine.taken().isDone()) {
            turn.lock();
            try {
                serve();
            } finally {
                turn.unlock();
            }
        }
        try {
            return mine.taken().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw e;
        }
    }

    private void serve() {
        List<Waiting> together = new ArrayList<>();
        waiting.drainTo(together, MOST);
        if (together.isEmpty()) {
            return;
        }
        // In one order everywhere, so that two brokers never wait for each other in a circle.
        together.sort(
                (one, other) -> one.wanted().key().compareTo(other.wanted().key()));
        try {
            List<Long> taken = store.take(together.stream().map(Waiting::wanted).toList());
            for (int i = 0; i < together.size(); i++) {
                together.get(i).taken().complete(taken.get(i));
            }
        } catch (ProblemException | RuntimeException e) {
            together.forEach(one -> one.taken().completeExceptionally(e));
        }
    }
}
