package dev.keyproof.event;

/**
 * One OCSF 1.8 event. From the moment it is encoded its bytes never change: the journal, Kafka, the sealed log and the
 * index hold the same bytes.
 */
public sealed interface Event permits ApiActivity, ComplianceFinding, DetectionFinding {
    /** What identifies and orders the event. */
    Metadata metadata();

    /** Milliseconds since the epoch, UTC. */
    long time();
}
