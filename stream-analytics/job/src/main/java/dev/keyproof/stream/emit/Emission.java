package dev.keyproof.stream.emit;

/** A record on its way to Kafka. A Flink POJO, so public and mutable by Flink's contract. */
public final class Emission {
    /** Findings and alerts. */
    public static final byte FINDING = 0;
    /** Latency windows. */
    public static final byte SLO = 1;

    public byte sort;
    /** Whether it also leaves at once, by the urgent path. */
    public boolean alert;
    /** The Kafka key. */
    public String key = "";
    /** The bytes of the OCSF event, or of the window. */
    public byte[] value = new byte[0];

    public Emission() {}

    public Emission(byte sort, boolean alert, String key, byte[] value) {
        this.sort = sort;
        this.alert = alert;
        this.key = key;
        this.value = value;
    }
}
