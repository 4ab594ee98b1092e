package dev.keyproof.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Calls of three services on their keys, decided by an engine and sealed in a log. */
final class TestingHistory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORIGIN = "keyproof/log/test/2026";
    private static final long BEGAN = 1_795_478_400_000L;
    private static final long DAY = 86_400_000L;

    private final List<byte[]> entries = new ArrayList<>();
    private final PolicyEngine engine;

    TestingHistory(PolicyEngine engine) {
        this.engine = engine;
    }

    /** An input: {@code role} does {@code operation} on a key with that purpose. */
    static ObjectNode input(String operation, String actor, String role, String key, String purpose) {
        String algorithm = purpose.equals("sign") ? "EC_P256" : "AES_256_GCM";
        try {
            return (ObjectNode) JSON.readTree("""
                    {"operation": "%s", "killSwitch": false, "actor": {"id": "%s", "method": "token", "roles": ["%s"]},
                     "key": {"id": "%s", "purpose": "%s", "algorithm": "%s", "state": "active", "owner": "%s", "tags": {}},
                     "request": {"source": "127.0.0.1", "batch": 1},
                     "time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z", "weekday": "tue", "hour": 0}}
                    """.formatted(operation, actor, role, key, purpose, algorithm, actor));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The event of a call, as the engine decides it. */
    ObjectNode event(String kind, ObjectNode input) {
        Decision decision = engine.authorise(input);
        ObjectNode event = JSON.createObjectNode().put("class_uid", 6003).put("time", BEGAN + entries.size());
        event.putObject("metadata").put("uid", "E" + entries.size());
        ObjectNode ours = event.putObject("unmapped").putObject("keyproof").put("kind", kind);
        ours.putObject("decision")
                .put("allow", decision.allow())
                .put("policy", decision.policyDigest())
                .put("data", decision.dataDigest())
                .<ObjectNode>set("input", input)
                .set("result", decision.result());
        return event;
    }

    /** A key is made so many days before the first event, and rotated that day. */
    void created(String key, int daysAgo, int rotationPeriodDays) {
        ObjectNode input = input("CreateKey", "root", "administrator", key, "encrypt");
        input.remove("key");
        input.withObject("/request").put("algorithm", "AES_256_GCM").put("purpose", "encrypt");
        ObjectNode event = event("operation", input);
        event.put("activity_id", 1).put("status_id", 1).put("time", BEGAN - daysAgo * DAY);
        event.putObject("api").put("operation", "CreateKey");
        String day = Instant.ofEpochMilli(BEGAN - daysAgo * DAY).toString();
        event.putArray("resources")
                .addObject()
                .put("uid", key)
                .put("version", 1)
                .putObject("data")
                .put("id", key)
                .put("state", "active")
                .put("purpose", "encrypt")
                .put("algorithm", "AES_256_GCM")
                .put("owner", "ledger")
                .put("version", 1)
                .put("created", day)
                .put("rotated", day)
                .put("rotationPeriodDays", rotationPeriodDays)
                .put("usageLimit", 4294967296L)
                .put("provider", "pkcs11");
        add(event);
    }

    /** A key that was made may fail a rule from so many days before the first event on, for so many days. */
    void granted(String key, String rule, int daysAgo, int days) throws IOException {
        ObjectNode event = event("operation", input("GrantException", "cora", "compliance", key, "encrypt"));
        long at = BEGAN - daysAgo * DAY;
        event.put("activity_id", 3).put("status_id", 1).put("time", at);
        event.putObject("api").put("operation", "GrantException");
        for (byte[] entry : entries) {
            JsonNode made = JSON.readTree(entry);
            if (made.at("/resources/0/uid").asText().equals(key)) {
                event.set("resources", made.path("resources"));
            }
        }
        ((ObjectNode) event.at("/unmapped/keyproof"))
                .putObject("detail")
                .put("exception", "migration")
                .put("rule", rule)
                .put("until", (at + days * DAY) / 1000)
                .put("approval", "01APPROVAL");
        add(event);
    }

    /** A known caller does something, so many days before the first event. */
    void acted(String operation, String actor, String role, int daysAgo) {
        ObjectNode event = event("operation", input(operation, actor, role, "K", "encrypt"));
        event.put("status_id", 1).put("time", BEGAN - daysAgo * DAY);
        ofBroker(event, operation);
        event.putObject("actor")
                .putObject("user")
                .put("uid", actor)
                .putArray("groups")
                .addObject()
                .put("name", role);
        add(event);
    }

    /** A broker tells of itself, so many days before the first event. */
    void told(String kind, String operation, int daysAgo, String extension) throws IOException {
        ObjectNode event = JSON.createObjectNode()
                .put("class_uid", 6003)
                .put("status_id", 1)
                .put("time", BEGAN - daysAgo * DAY);
        event.putObject("metadata").put("uid", "E" + entries.size()).put("source", "broker");
        ofBroker(event, operation);
        ObjectNode ours = event.putObject("unmapped").putObject("keyproof").put("kind", kind);
        ours.setAll((ObjectNode) JSON.readTree(extension.replace('\'', '"')));
        add(event);
    }

    private static void ofBroker(ObjectNode event, String operation) {
        event.putObject("api").put("operation", operation).putObject("service").put("name", "keyproof-broker");
    }

    /** Whatever is sealed, letter by letter. */
    void entry(String text) {
        entries.add(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    void add(ObjectNode event) {
        entries.add(event.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    void call(String operation, String actor, String role, String key, String purpose) {
        add(event("operation", input(operation, actor, role, key, purpose)));
    }

    int size() {
        return entries.size();
    }

    /** Seals them. */
    Path sealed(Path folder) throws LogException, IOException {
        Files.createDirectories(folder);
        try (SealedLog log = SealedLog.open(folder, ORIGIN, LogOptions.DEFAULTS)) {
            for (int from = 0; from < entries.size(); from += 500) {
                log.append(entries.subList(from, Math.min(entries.size(), from + 500)), new byte[0])
                        .join();
            }
            log.publish(List.of(TestingSigner.ed25519(ORIGIN)));
        }
        return folder;
    }
}
