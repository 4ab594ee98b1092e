package dev.keyproof.review.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.DecisionMemo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Events of calls as a broker records them: 60 services, some far busier than others, each on eight addresses and with five of 200 keys; one
 * call in a hundred is refused. The same seed gives the same traffic.
 */
final class Traffic {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SERVICES = 60;
    private static final int KEYS = 200;
    private static final int KEYS_OF_ONE = 5;
    private static final int ADDRESSES = 8;
    private static final List<String> PURPOSES = List.of("encrypt", "encrypt", "sign", "mac");

    private final Random random = new Random(20_261_127);
    private final DecisionMemo decided;
    private long sequence;

    /** @param decided what decides on the calls */
    Traffic(DecisionMemo decided) {
        this.decided = decided;
    }

    /** The next event, 2.7 KB. */
    byte[] next() throws IOException {
        sequence++;
        // The product of two even draws: most calls are of few services.
        int service = (int) (random.nextDouble() * random.nextDouble() * SERVICES);
        int key = (service * 7 + random.nextInt(KEYS_OF_ONE)) % KEYS;
        JsonNode input = input(service, key, random.nextInt(100) == 0);
        Decision decision = decided.authorise(input);
        String id = input.path("key").path("id").asText();
        ObjectNode event = (ObjectNode) JSON.readTree("""
            {"activity_id": 2, "category_uid": 6, "class_uid": 6003, "severity_id": 1, "type_uid": 600302,
             "metadata": {"uid": "broker-1/E/%d", "version": "1.7.0", "product": {"name": "Keyproof", "vendor_name": "Keyproof",
              "feature": {"name": "broker"}}, "sequence": 1, "log_name": "broker-1"},
             "time": %d, "status_id": %d, "duration": 1,
             "api": {"operation": "%s", "service": {"name": "keyproof-broker"}, "request": {"uid": "0f8fad5b-d9cb-469f-a165-70867728950e"}},
             "actor": {"user": {"uid": "service-%d", "name": "service-%d", "type": "System"}, "session": {"is_mfa": false}},
             "src_endpoint": {"ip": "%s", "port": 40122},
             "resources": [{"uid": "%s", "type": "key", "version": "1", "namespace": "softhsm"}],
             "unmapped": {"keyproof": {"kind": "operation", "v": 1, "chain": {"previous": "sequence %d"}}}}
            """.formatted(
                        sequence,
                        input.path("time").path("epoch").asLong() * 1000 + sequence % 1000,
                        decision.allow() ? 1 : 2,
                        input.path("operation").asText(),
                        service,
                        service,
                        input.path("request").path("source").asText(),
                        id,
                        sequence));
        ((ObjectNode) event.at("/resources/0")).set("data", input.path("key"));
        ((ObjectNode) event.at("/unmapped/keyproof"))
                .putObject("decision")
                .put("allow", decision.allow())
                .put("policy", decision.policyDigest())
                .put("data", decision.dataDigest())
                .<ObjectNode>set("input", input)
                .set("result", decision.result());
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode input(int service, int key, boolean refused) throws IOException {
        String purpose = PURPOSES.get(key % PURPOSES.size());
        Instant at = Instant.ofEpochSecond(1_795_478_400L + sequence / 500);
        boolean protects = random.nextInt(3) > 0;
        return JSON.readTree("""
            {"operation": "%s", "killSwitch": false,
             "actor": {"id": "service-%d", "method": "token", "roles": ["%s"], "groups": ["workloads"], "posture": "managed"},
             "key": {"id": "01KAV3J8Q4W6Z0X1Y2T3R%05d", "name": "key-%d", "purpose": "%s",
              "algorithm": "%s", "state": "active", "version": %d, "owner": "team-%d", "tags": {"environment": "production"},
              "created": "2026-11-01T00:00:00Z", "rotated": "2026-11-01T00:00:00Z", "rotationPeriodDays": 90,
              "provider": "pkcs11", "residence": "resident",
              "attributes": {"sensitive": true, "extractable": false, "alwaysSensitive": true, "neverExtractable": true,
               "local": true, "modifiable": false, "copyable": false, "encrypt": true, "decrypt": true, "sign": false,
               "verify": false, "wrap": false, "unwrap": false, "keyType": "AES", "bits": 256}},
             "request": {"source": "10.1.%d.%d", "batch": 1, "context": ["tenant", "purpose"], "parameters": {}},
             "time": {"epoch": %d, "rfc3339": "%s", "weekday": "tue", "hour": 0}}
            """.formatted(
                        operation(purpose, protects),
                        service,
                        refused ? "auditor" : "application",
                        key,
                        key,
                        purpose,
                        algorithm(purpose),
                        1 + key % 3,
                        service % 7,
                        service,
                        random.nextInt(ADDRESSES),
                        at.getEpochSecond(),
                        at));
    }

    private static String operation(String purpose, boolean protects) {
        return switch (purpose) {
            case "sign" -> protects ? "Sign" : "Verify";
            case "mac" -> protects ? "GenerateMac" : "VerifyMac";
            default -> protects ? "Encrypt" : "Decrypt";
        };
    }

    private static String algorithm(String purpose) {
        return switch (purpose) {
            case "sign" -> "EC_P256";
            case "mac" -> "HMAC_SHA256";
            default -> "AES_256_GCM";
        };
    }
}
