package dev.keyproof.stream.read;

import org.jspecify.annotations.Nullable;

/**
 * The fields of one event that the job reads. A Flink POJO, so public and mutable by Flink's contract; nobody else writes to it
 * once the parser is done.
 */
public final class KeyEvent {
    public static final byte OPERATION = 0;
    public static final byte OBSERVED = 1;
    /** Intents, approvals, service events and whatever else is not a finished use of a key. */
    public static final byte OTHER = 2;

    /** {@code metadata.uid}. */
    public String uid = "";
    /** Milliseconds since the epoch; never further ahead of Kafka's clock than the reader allows. */
    public long time;
    /** One of {@link #OPERATION}, {@link #OBSERVED}, {@link #OTHER}. */
    public byte kind = OTHER;
    /** Canonical name where the origin's mapping gave one, else the origin's own. */
    public String operation = "";
    /** Whether the operation is a use of the key's material, OCSF activity 99. */
    public boolean use;
    /** The service that was called. */
    public String service = "";
    /** Opaque id of the key; empty where the event names none. */
    public String key = "";
    /** Opaque id of the caller; empty where unknown. */
    public String actor = "";

    public boolean success;
    public boolean denied;
    /** Items of a batch, else 1. */
    public int count = 1;
    /** Microseconds; -1 where the origin does not measure. */
    public long durationUs = -1;
    /** The run that the caller said its call belongs to. */
    public @Nullable String run;
    /** Whether the operation tries to change the key, OCSF activities 1, 3 and 4. */
    public boolean change;
    /** Of the key; 0 where the event names none. */
    public int version;
    /** The key's state that policy decided on; empty where there was none. */
    public String before = "";
    /** {@code metadata.uid} of the intent that this outcome completes; empty where there is none. */
    public String intent = "";
    /** What went wrong; empty where nothing did. */
    public String code = "";
    /** UTF-8 JSON of what else the record of a change says, where it says more. */
    public byte @Nullable [] detail;
    /** UTF-8 JSON of the key's state after the event, where the event carries one. */
    public byte @Nullable [] state;
    /** The roles that the caller's proof or policy's data gave it, apart by spaces; empty where neither gave any. */
    public String roles = "";
    /** Whether it was called under an elevation. */
    public boolean elevated;
    /** Whether policy could not decide: an error of its own, or no answer. */
    public boolean undecided;
    /** The whole event, where it says something of a broker and not only of a key. */
    public byte @Nullable [] whole;
    /** Why the bytes are not an event; all other fields but the place are then unset. */
    public @Nullable String fault;
    /** Topic, partition and offset, for events that cannot name themselves. */
    public String place = "";

    public KeyEvent() {}

    /** Whether this is the outcome of an attempt to use or change a key. */
    public boolean finished() {
        return kind != OTHER && fault == null;
    }
}
