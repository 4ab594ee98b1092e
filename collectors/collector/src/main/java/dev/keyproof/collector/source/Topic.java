package dev.keyproof.collector.source;

/** The topics that the collector writes. */
public enum Topic {
    /** OCSF events, one a record. */
    KEY_EVENTS("key-events"),
    /** Signed heads of journals, each after the events it covers. */
    ATTESTATIONS("attestations"),
    /** Original bytes of what could not be taken, with the reason in the headers. */
    QUARANTINE("quarantine");

    private final String topic;

    Topic(String topic) {
        this.topic = topic;
    }

    /** The name in Kafka. */
    public String topic() {
        return topic;
    }
}
