package dev.keyproof.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Inputs of decisions and rules: a sound one to vary by hand, and any number by a seed. */
final class Inputs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OPERATIONS = List.of(
            "CreateKey",
            "GetKey",
            "ListKeys",
            "ReadInventory",
            "ReadHealth",
            "ReadMetrics",
            "ReadSlos",
            "ReadRecord",
            "DownloadPack",
            "SetKillSwitch",
            "EnrolApprover",
            "RevokeApprover",
            "ExportBackup",
            "PlaceLegalHold",
            "ReleaseLegalHold",
            "RequestApproval",
            "Approve",
            "RotateKey",
            "EnableKey",
            "DisableKey",
            "UpdateKey",
            "DestroyKey",
            "ScheduleDestruction",
            "CancelDestruction",
            "GrantException",
            "WithdrawException",
            "DeactivateKey",
            "MarkCompromised",
            "BackOutRotation",
            "RetireVersion",
            "Encrypt",
            "Decrypt",
            "ReEncrypt",
            "GenerateDataKey",
            "Sign",
            "Verify",
            "GenerateMac",
            "VerifyMac",
            "DeriveKey",
            "RequestElevation",
            "ActivateElevation",
            "BreakGlass",
            "HoldElevation",
            "HoldApprover",
            "EndElevation",
            "ReviewElevation",
            "ReadSession",
            "ExportKey",
            "");
    private static final List<String> METHODS = List.of("token", "certificate", "workload", "broker");
    private static final List<String> HATS = List.of("operations", "security", "audit");
    private static final List<String> ROLES =
            List.of("application", "custodian", "administrator", "auditor", "operator", "scheduler", "visitor");
    private static final List<String> STATES =
            List.of("active", "active", "pre-active", "suspended", "deactivated", "compromised", "destroyed", "odd");
    private static final List<String> ALGORITHMS =
            List.of("AES_256_GCM", "RSA_2048", "EC_P256", "ED25519", "HMAC_SHA256", "DES3");
    private static final List<String> DATA_KEYS = List.of("AES_256_GCM", "AES_128_CTR", "AES_256_XTS", "DES3");
    private static final List<String> PURPOSES = List.of("encrypt", "wrap", "sign", "mac", "derive", "other");
    private static final List<String> DAYS = List.of(
            "2026-11-01T00:00:00Z",
            "2025-01-01T12:30:00.123Z",
            "2030-01-01T00:00:00Z",
            "2026-02-30",
            "2024-02-29T23:59:59Z");
    private static final List<String> FLAGS = List.of(
            "sensitive",
            "extractable",
            "alwaysSensitive",
            "neverExtractable",
            "local",
            "modifiable",
            "copyable",
            "encrypt",
            "decrypt",
            "sign",
            "verify",
            "wrap",
            "unwrap");
    private static final List<String> PEOPLE = List.of("anna", "bert", "cleo", "dörte", "");

    private Inputs() {}

    /** An application encrypts with a sound key; allowed, and every rule passes. */
    static ObjectNode encrypt() {
        try {
            return (ObjectNode) JSON.readTree("""
                    {"operation": "Encrypt", "killSwitch": false,
                     "actor": {"id": "payments", "roles": ["application"]},
                     "key": {"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6", "name": "card-data", "purpose": "encrypt",
                      "algorithm": "AES_256_GCM", "state": "active", "version": 1, "owner": "payments", "tags": {},
                      "created": "2026-11-01T00:00:00Z", "rotated": "2026-11-01T00:00:00Z", "rotationPeriodDays": 90,
                      "usageLimit": 4294967296, "provider": "pkcs11", "residence": "resident",
                      "attributes": {"sensitive": true, "extractable": false, "alwaysSensitive": true,
                       "neverExtractable": true, "local": true, "modifiable": false, "copyable": false, "encrypt": true,
                       "decrypt": true, "sign": false, "verify": false, "wrap": false, "unwrap": false, "keyType": "AES",
                       "bits": 256}},
                     "history": {"first": {"time": 1793491200, "attributes": {"bits": 256, "extractable": false}},
                      "changes": {"CreateKey": {"done": {"time": 1793491200, "version": 1, "intent": "01KAV3J8Q4"}}},
                      "states": {"active": {"since": 1793491200}},
                      "transitions": [{"from": "none", "to": "active", "count": 1, "last": 1793491200}],
                      "providers": ["pkcs11"],
                      "uses": [{"operation": "Encrypt", "state": "active", "decided": "active", "count": 9, "last": 1795392000, "after": 99}],
                      "current": {"version": 1, "uses": {"Encrypt": 9}}},
                     "request": {"source": "127.0.0.1", "batch": 1, "context": ["tenant", "purpose"], "parameters": {}},
                     "approvals": null,
                     "time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z", "weekday": "tue", "hour": 0}}
                    """);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Some input: mostly sound, a few things wrong, sometimes parts missing. */
    static ObjectNode any(Random random) {
        ObjectNode input = encrypt();
        input.put("operation", pick(random, OPERATIONS));
        input.withObject("/actor").put("id", pick(random, PEOPLE));
        roles(random, input.withObject("/actor").putArray("roles"));
        standing(random, input);
        if (random.nextInt(10) == 0) {
            input.put("killSwitch", random.nextBoolean());
        }
        key(random, input.withObject("/key"));
        if (random.nextInt(12) == 0) {
            input.putNull("key");
        }
        if (random.nextInt(3) == 0) {
            input.withObject("/request").put("batch", random.nextInt(-1, 300));
            input.withObject("/request").put("algorithm", pick(random, ALGORITHMS));
            input.withObject("/request").put("purpose", pick(random, PURPOSES));
        }
        if (random.nextInt(3) == 0) {
            ObjectNode parameters = input.withObject("/request").putObject("parameters");
            parameters.put("days", random.nextInt(40));
            parameters.put("for", pick(random, OPERATIONS));
            parameters.put("rule", pick(random, List.of("lifecycle/cryptoperiod", "lifecycle/odd")));
            parameters.put("due", 1795478400 + random.nextInt(-1, 2));
            if (random.nextBoolean()) {
                parameters.put("rotationPeriodDays", random.nextInt(1000));
            }
            if (random.nextBoolean()) {
                ArrayNode dataKeys = parameters.putArray("dataKeys");
                for (int i = random.nextInt(3); i > 0; i--) {
                    dataKeys.add(pick(random, DATA_KEYS));
                }
            }
        }
        if (random.nextBoolean()) {
            approvals(random, input.putObject("approvals"));
        }
        if (random.nextInt(4) == 0) {
            elevation(random, input);
        }
        if (random.nextInt(20) == 0) {
            input.remove(pick(random, List.of("actor", "request", "key", "time", "operation")));
        }
        return input;
    }

    /** The same with some past, for the rules. */
    static ObjectNode judged(Random random) {
        ObjectNode input = any(random);
        if (!input.path("key").isObject()) {
            return input;
        }
        ObjectNode key = input.withObject("/key");
        if (random.nextInt(4) == 0) {
            input.putObject("time").put("epoch", 1924992000 - random.nextInt(1, 500) * 86400L);
            key.put("algorithm", pick(random, ALGORITHMS));
        }
        if (random.nextInt(5) == 0) {
            // What only keys in one state or of one purpose can show is otherwise seldom seen.
            key.put("state", pick(random, List.of("pre-active", "suspended", "compromised", "destroyed", "destroyed")));
        } else if (random.nextInt(5) == 0) {
            key.put("state", "active").put("purpose", "wrap").put("algorithm", "AES_256_GCM");
        }
        terms(random, key);
        if (random.nextInt(5) == 0) {
            input.remove("history");
        } else {
            past(random, input.withObject("/history"));
        }
        return input;
    }

    private static void terms(Random random, ObjectNode key) {
        if (random.nextInt(3) != 0) {
            key.put(
                    "sensitivity",
                    pick(random, List.of("restricted", "restricted", "confidential", "internal", "very")));
            key.put("residency", pick(random, PEOPLE));
            key.putObject("scope").put("environment", pick(random, PEOPLE));
            key.put("residence", pick(random, List.of("resident", "replicated")));
        }
        if (random.nextInt(3) == 0 || key.path("state").asText().equals("pre-active")) {
            key.put("activates", pick(random, DAYS)).put("destroys", pick(random, DAYS));
        }
        if (random.nextInt(3) == 0) {
            key.put("usageLimit", random.nextLong(1, 1L << 33)).put("provider", pick(random, PEOPLE));
        }
        if (random.nextInt(4) == 0) {
            key.remove(
                    pick(random, List.of("id", "purpose", "algorithm", "usageLimit", "provider", "residence", "tags")));
        }
        if (random.nextInt(10) == 0) {
            key.putNull("attributes").putNull("rotationPeriodDays");
        }
    }

    private static void past(Random random, ObjectNode history) {
        ObjectNode changes = history.withObject("/changes");
        for (String operation : List.of(
                "RotateKey",
                "BackOutRotation",
                "RetireVersion",
                "ScheduleDestruction",
                "MarkCompromised",
                "DestroyKey")) {
            if (random.nextInt(3) != 0) {
                int days = operation.equals("DestroyKey") ? 1 : random.nextInt(60);
                ObjectNode done = changes.putObject(operation).putObject("done").put("time", 1795478400 - days * 86400);
                said(random, done);
                if (random.nextInt(3) == 0) {
                    changes.withObject("/" + operation).putObject("failed").put("time", 1795478400);
                }
            }
        }
        for (String state : STATES) {
            if (random.nextInt(3) != 0) {
                history.withObject("/states").putObject(state).put("since", 1795478400 - random.nextInt(200 * 86400));
            }
        }
        if (random.nextInt(6) == 0) {
            changes.withObject("/CreateKey").putObject("done").put("time", 1793491200);
            history.remove("first");
        }
        if (random.nextInt(4) == 0) {
            history.withArray("transitions")
                    .addObject()
                    .put("from", pick(random, STATES))
                    .put("to", pick(random, STATES));
            history.withArray("providers").add(pick(random, PEOPLE));
        }
        history.withArray("uses")
                .addObject()
                .put("operation", pick(random, List.of("Encrypt", "Decrypt", "GenerateDataKey", "Odd")))
                .put("state", pick(random, STATES))
                .put("decided", pick(random, STATES))
                .put("last", 1795478400 - random.nextInt(400 * 86400))
                .put("after", random.nextInt(20));
        if (random.nextInt(3) == 0) {
            history.putArray("uses");
        }
        history.withObject("/current/uses").put("Encrypt", random.nextLong(1L << 33));
        if (random.nextInt(5) == 0) {
            history.withObject("/current").put("version", 2);
        }
        if (random.nextInt(3) == 0) {
            ObjectNode exception = history.withObject("/exceptions")
                    .putObject(pick(random, PEOPLE))
                    .put("rule", pick(random, List.of("lifecycle/cryptoperiod", "lifecycle/dormant")))
                    .put("until", 1795478400 + random.nextInt(-2, 2) * 86400)
                    .put("approval", "01KAV3J8Q4");
            if (random.nextInt(4) == 0) {
                exception.put("withdrawn", 1795478400);
            }
        }
    }

    private static void said(Random random, ObjectNode done) {
        if (random.nextInt(4) != 0) {
            ObjectNode detail = done.putObject("detail")
                    .put("days", random.nextInt(4, 12))
                    .put("elsewhere", random.nextInt(2))
                    .put("reason", pick(random, PEOPLE));
            if (random.nextBoolean()) {
                detail.put("order", "01KAV3J8Q4");
            }
            detail.putObject("proof")
                    .put("inDevice", random.nextInt(3) == 0)
                    .put("wrappedKept", random.nextInt(3) == 0);
        }
    }

    /** How the caller proved itself, what it wears on the key, and under which change it calls. */
    private static void standing(Random random, ObjectNode input) {
        ObjectNode actor = input.withObject("/actor").put("method", pick(random, METHODS));
        if (random.nextInt(3) == 0) {
            actor.put("hat", pick(random, HATS));
        }
        if (random.nextInt(4) == 0) {
            actor.put("posture", "managed").putArray("groups").add(pick(random, PEOPLE));
            input.withObject("/request").put("asn", 64500).putObject("change").put("id", "CHG1");
        }
    }

    /** What is asked for, what is ended or reviewed, and what stands. */
    private static void elevation(Random random, ObjectNode input) {
        lent(random, input.withObject("/request").withObject("/parameters"))
                .put("minutes", random.nextInt(300))
                .put("keys", random.nextInt(10));
        input.putObject("elevation")
                .put("id", "E1")
                .put("holder", pick(random, PEOPLE))
                .put("breakGlass", random.nextBoolean())
                .putArray("approvers")
                .add(pick(random, PEOPLE));
        ArrayNode standing = input.putArray("elevations");
        for (int i = random.nextInt(3); i > 0; i--) {
            lent(random, standing.addObject())
                    .put("id", "E" + i)
                    .put("until", 1795478400 + random.nextInt(-1, 2))
                    .put("now", 1795478400);
        }
    }

    /** A role or a hat, or by mistake both or neither. */
    private static ObjectNode lent(Random random, ObjectNode terms) {
        if (random.nextInt(3) != 0) {
            terms.put("role", pick(random, ROLES));
        }
        if (random.nextInt(3) == 0) {
            terms.put("hat", pick(random, HATS));
        }
        return terms.put("breakGlass", random.nextInt(3) == 0);
    }

    private static void key(Random random, ObjectNode key) {
        key.put("state", pick(random, STATES));
        if (random.nextBoolean()) {
            key.put("purpose", pick(random, PURPOSES)).put("algorithm", pick(random, ALGORITHMS));
        }
        key.put("rotated", pick(random, DAYS));
        if (random.nextInt(4) == 0) {
            key.put("rotationPeriodDays", random.nextInt(-1, 1000));
            key.put("residence", "replicated");
            key.put("owner", pick(random, PEOPLE));
        }
        if (random.nextInt(4) == 0) {
            key.withObject("/tags").put("callers", pick(random, PEOPLE) + " " + pick(random, PEOPLE));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            key.withObject("/attributes").put(pick(random, FLAGS), random.nextBoolean());
        }
        if (random.nextInt(10) == 0) {
            key.withObject("/attributes").remove(pick(random, FLAGS));
        }
    }

    private static void roles(Random random, ArrayNode roles) {
        roles.add(pick(random, ROLES));
        if (random.nextInt(6) == 0) {
            roles.add(pick(random, ROLES));
        }
    }

    private static void approvals(Random random, ObjectNode approvals) {
        approvals.put(
                "required-for",
                pick(
                        random,
                        List.of(
                                "RotateKey",
                                "DestroyKey",
                                "DestroyKey",
                                "ScheduleDestruction",
                                "ActivateElevation",
                                "BreakGlass")));
        approvals.put("key", random.nextInt(4) == 0 ? "another" : "01KAV3J8Q4W6Z0X1Y2T3R4S5P6");
        approvals.put("requester", pick(random, PEOPLE));
        if (random.nextBoolean()) {
            approvals.put("expires", 1795478400 + random.nextInt(-1, 2));
        }
        if (random.nextInt(4) == 0) {
            approvals.put("approver", pick(random, PEOPLE));
            ArrayNode enrolled = approvals.putArray("enrolled");
            for (int i = random.nextInt(5); i > 0; i--) {
                enrolled.addObject()
                        .put("id", pick(random, PEOPLE))
                        .putArray("roles")
                        .add("custodian");
            }
        }
        ArrayNode approvers = approvals.putArray("approvers");
        for (int i = random.nextInt(5); i > 0; i--) {
            ObjectNode approver = approvers.addObject().put("id", pick(random, PEOPLE));
            approver.putArray("roles").add(random.nextInt(5) == 0 ? "auditor" : "custodian");
        }
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
