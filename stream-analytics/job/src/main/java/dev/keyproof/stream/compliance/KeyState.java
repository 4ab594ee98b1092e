package dev.keyproof.stream.compliance;

import org.jspecify.annotations.Nullable;

/** A key's state as its latest event told it. A Flink POJO, so public and mutable by Flink's contract. */
public final class KeyState {
    public String key = "";
    /** Milliseconds since the epoch. */
    public long time;
    /** {@code metadata.uid} of the event that told. */
    public String event = "";

    public @Nullable String run;
    /** UTF-8 JSON. */
    public byte[] json = new byte[0];

    public KeyState() {}
}
