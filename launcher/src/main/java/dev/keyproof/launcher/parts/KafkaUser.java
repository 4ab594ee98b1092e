package dev.keyproof.launcher.parts;

import java.util.List;

/**
 * Who may do what in Kafka: each part has a user of its own and can do no more than its work.
 *
 * @param name the user
 * @param reads topics it reads, through groups whose names begin with its own
 * @param writes topics it writes, in transactions whose ids begin with its name
 */
public record KafkaUser(String name, List<String> reads, List<String> writes) {
    /** The user that makes topics and users' rights. */
    public static final String ADMIN = "admin";

    /** The topics of an installation. */
    public static final List<String> TOPICS =
            List.of("key-events", "attestations", "quarantine", "findings", "alerts", "slo");

    /** A compacted topic in which the collector keeps how far it has read each source. */
    public static final String POSITIONS = "collector-positions";

    /** Every user but the administrator. */
    public static final List<KafkaUser> PARTS = List.of(
            new KafkaUser(
                    "collector",
                    List.of("key-events", "attestations", "quarantine", POSITIONS),
                    List.of("key-events", "attestations", "quarantine", POSITIONS)),
            new KafkaUser("stream", List.of("key-events"), List.of("findings", "alerts", "slo")),
            new KafkaUser(
                    "evidence",
                    List.of("key-events", "attestations", "quarantine", "findings", "alerts"),
                    List.of("findings", "alerts")),
            new KafkaUser("alert-feed", List.of("alerts", "findings"), List.of()),
            new KafkaUser("indexer", List.of("key-events", "findings", "alerts", "slo", "quarantine"), List.of()),
            new KafkaUser("census", TOPICS, List.of()));

    /** The name of the file that holds the user's password. */
    public static String passwordFile(String user) {
        return "kafka-" + user + ".password";
    }
}
