package dev.keyproof.panels;

/** One of our indices: the topic it is filled from, its alias, and the field of a document that is its id. */
enum SearchIndex {
    EVENTS("key-events", "keyproof-events", "/metadata/uid"),
    FINDINGS("findings", "keyproof-findings", "/metadata/uid"),
    ALERTS("alerts", "keyproof-alerts", "/metadata/uid"),
    SLO("slo", "keyproof-slo", "/uid");

    private final String topic;
    private final String alias;
    private final String idPointer;

    SearchIndex(String topic, String alias, String idPointer) {
        this.topic = topic;
        this.alias = alias;
        this.idPointer = idPointer;
    }

    String topic() {
        return topic;
    }

    String alias() {
        return alias;
    }

    /** JSON pointer to the field that makes a second delivery the same document. */
    String idPointer() {
        return idPointer;
    }

    /** The first index behind the alias. */
    String firstIndex() {
        return alias + "-000001";
    }

    static SearchIndex ofTopic(String topic) {
        for (SearchIndex index : values()) {
            if (index.topic.equals(topic)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no index is filled from topic " + topic);
    }
}
