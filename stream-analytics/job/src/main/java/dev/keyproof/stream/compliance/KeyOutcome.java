package dev.keyproof.stream.compliance;

import dev.keyproof.event.KeyOperation;
import dev.keyproof.stream.read.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * What crosses the network to the review: a use of a key that succeeded, a change of it that did, or one that was permitted and
 * failed. A Flink POJO, so public and mutable by Flink's contract.
 */
public final class KeyOutcome {
    private static final byte[] EMPTY = {};

    public String key = "";
    public String operation = "";
    /** Milliseconds since the epoch. */
    public long time;
    /** {@code metadata.uid} of the event that told. */
    public String event = "";

    public @Nullable String run;
    public boolean use;
    public int count;
    public int version;
    public long durationUs;
    public String before = "";
    public String intent = "";
    public String code = "";
    /** UTF-8 JSON of the key after the change; empty where nothing was changed. */
    public byte[] state = EMPTY;
    /** UTF-8 JSON; empty where the record says nothing more. */
    public byte[] detail = EMPTY;

    public KeyOutcome() {}

    /** Whether the event is one of these. */
    static boolean isTold(KeyEvent event) {
        if (event.kind != KeyEvent.OPERATION || event.key.isEmpty()) {
            return false;
        }
        return event.success
                ? event.use || event.state != null
                : event.change
                        && !event.denied
                        && KeyOperation.named(event.operation)
                                .filter(KeyOperation::changesState)
                                .isPresent();
    }

    static KeyOutcome of(KeyEvent event) {
        KeyOutcome outcome = new KeyOutcome();
        outcome.key = event.key;
        outcome.operation = event.operation;
        outcome.time = event.time;
        outcome.event = event.uid;
        outcome.run = event.run;
        outcome.use = event.use;
        outcome.count = event.count;
        outcome.version = event.version;
        outcome.durationUs = Math.max(0, event.durationUs);
        byte[] state = event.state;
        byte[] detail = event.detail;
        outcome.before = event.before;
        if (!event.use) {
            outcome.intent = event.intent;
            outcome.code = event.success ? "" : event.code;
            outcome.state = state == null || !event.success ? EMPTY : state;
            outcome.detail = detail == null ? EMPTY : detail;
        }
        return outcome;
    }
}
