package dev.keyproof.stream.compliance;

/** What was last said of one rule on one key. A Flink POJO, so public and mutable by Flink's contract. */
public final class Verdict {
    public String status = "";
    public String policy = "";
    public String data = "";
    /** How many times the verdict has changed; part of the next finding's uid. */
    public long version;
    /** Milliseconds since the epoch, of the first verdict. */
    public long first;

    public Verdict() {}
}
