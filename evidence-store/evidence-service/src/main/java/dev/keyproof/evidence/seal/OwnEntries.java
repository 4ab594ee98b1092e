package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Seals what this service says itself, and waits until it is on disk. Thread-safe. */
public final class OwnEntries {
    private static final int PATIENCE_S = 30;

    private final YearLogs logs;
    private final SealingLoop sealing;

    public OwnEntries(YearLogs logs, SealingLoop sealing) {
        this.logs = logs;
        this.sealing = sealing;
    }

    /** Entry {@code index} of the log {@code origin}. */
    public record Sealed(String origin, long index) {}

    /** Seals an entry. */
    public Sealed seal(byte[] entry) throws EvidenceException {
        CompletableFuture<Sealed> place = new CompletableFuture<>();
        CompletableFuture<Void> sealed =
                sealing.seal(entry, (year, index) -> place.complete(new Sealed(logs.origin(year), index)));
        try {
            sealed.get(PATIENCE_S, TimeUnit.SECONDS);
            return place.join();
        } catch (TimeoutException e) {
            // Who is told that it was not recorded must not find it recorded later.
            if (sealed.cancel(false)) {
                throw new NotSealedException("it was not put on the record, for nothing is sealed now", e);
            }
            throw new EvidenceException(
                    "it is being put on the record, which takes long: look later whether it was", e);
        } catch (ExecutionException e) {
            throw new EvidenceException("it was not put on the record, for nothing is sealed now: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sealed.cancel(false);
            throw new EvidenceException("stopped while it was put on the record", e);
        }
    }
}
