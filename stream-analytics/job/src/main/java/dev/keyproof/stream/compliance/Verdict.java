package dev.keyproof.stream.compliance;

/** What was last said of one rule on one thing that it judges. A Flink POJO, so public and mutable by Flink's contract. */
public final class Verdict {
    public String status = "";
    public String policy = "";
    public String data = "";
    /** Name of the exception by which it fails; empty where there is none. */
    public String leave = "";
    /** How many times it was told again; part of the next finding's uid. */
    public long version;
    /** Milliseconds since the epoch, of the first verdict. */
    public long first;
    /** Of the first one of this status without another between. */
    public long since;
    /** When it was told the last time. */
    public long told;

    public Verdict() {}
}
