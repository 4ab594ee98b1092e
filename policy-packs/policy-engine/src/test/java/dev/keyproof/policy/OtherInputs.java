package dev.keyproof.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Inputs of the rules for what is no key: accounts, installations and tokens with some past, any number by a seed. */
final class OtherInputs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW = 1_795_478_400;
    private static final int DAY = 86_400;
    private static final List<String> PEOPLE = List.of("anna", "bert", "cleo", "dörte");
    private static final List<String> ROLES =
            List.of("application", "custodian", "administrator", "auditor", "monitor", "scheduler");
    private static final List<String> OPERATIONS =
            List.of("CreateKey", "RotateKey", "DestroyKey", "Encrypt", "Decrypt", "GetKey", "RequestApproval", "Odd");
    private static final List<String> APPROVED = List.of("DestroyKey", "EnrolApprover", "SetKillSwitch", "BreakGlass");
    private static final List<String> TOLD = List.of(
            "StartBroker",
            "ChangePolicy",
            "RefusePolicy",
            "NoticeFailed",
            "JournalGap",
            "ApproverTampered",
            "ElevationUnfounded",
            "RefuseOlderState");

    private OtherInputs() {}

    static ObjectNode account(Random random) {
        ObjectNode input = about("account");
        if (random.nextInt(8) == 0) {
            return input;
        }
        ObjectNode account = input.putObject("account").put("id", "a").put("first", NOW - 400 * DAY);
        ObjectNode roles = account.putObject("roles");
        for (int i = random.nextInt(3); i > 0; i--) {
            roles.putObject(pick(random, ROLES)).put("last", ago(random, 200));
        }
        for (String ending : List.of("done", "elevated", "refused")) {
            ObjectNode ended = account.putObject(ending);
            for (int i = random.nextInt(4); i > 0; i--) {
                ended.putObject(pick(random, OPERATIONS)).put("count", 1).put("last", ago(random, 200));
            }
        }
        ArrayNode days = account.putArray("days");
        for (int i = random.nextInt(3); i > 0; i--) {
            days.addObject().put("day", ago(random, 60) / DAY).put("refused", random.nextInt(100));
        }
        return input;
    }

    static ObjectNode installation(Random random) {
        ObjectNode input = about("installation");
        if (random.nextInt(8) == 0) {
            return input;
        }
        ObjectNode installation = input.putObject("installation").put("first", NOW - 400 * DAY);
        approvers(random, installation);
        approvals(random, installation.putArray("approvals"));
        elevations(random, installation.putObject("elevations"));
        if (random.nextInt(3) != 0) {
            ObjectNode turned = installation.putObject("switch").put("on", random.nextBoolean());
            if (random.nextBoolean()) {
                turned.put("approval", "A");
            }
        }
        if (random.nextInt(3) != 0) {
            ArrayNode custodians = installation
                    .putObject("ceremonies")
                    .putObject("C")
                    .put("time", ago(random, 100))
                    .put("threshold", 2)
                    .put("shares", 2 + random.nextInt(2))
                    .put("tokens", 1 + random.nextInt(2))
                    .putArray("custodians");
            for (String one : random.nextBoolean() ? PEOPLE : List.of("anna", "anna")) {
                custodians.add(one);
            }
        }
        ObjectNode brokers = installation.putObject("brokers");
        for (int i = random.nextInt(3); i > 0; i--) {
            brokers.putObject("broker-" + i)
                    .put("policy", "p" + random.nextInt(2))
                    .put("data", "d")
                    .put("since", ago(random, 60))
                    .put("last", ago(random, 40));
            if (random.nextInt(4) == 0) {
                installation.withObject("/brokers/broker-" + i).put("refused", ago(random, 40));
            }
        }
        if (random.nextInt(8) == 0) {
            installation.put("forgottenGlasses", 1);
        }
        for (String operation : TOLD) {
            if (random.nextInt(3) == 0) {
                installation.withObject("/told").putObject(operation).put("last", ago(random, 60));
            }
        }
        if (random.nextBoolean()) {
            installation.putObject("undecided").put("count", 1).put("last", ago(random, 60));
        }
        ArrayNode oldest = installation.putObject("open").put("count", 1).putArray("oldest");
        if (random.nextBoolean()) {
            oldest.addObject().put("event", "i").put("operation", "RotateKey").put("time", NOW - random.nextInt(1800));
        }
        return input;
    }

    private static void approvers(Random random, ObjectNode installation) {
        ObjectNode approvers = installation.putObject("approvers");
        for (int i = random.nextInt(5); i > 0; i--) {
            ObjectNode approver =
                    approvers.putObject(pick(random, PEOPLE)).put("since", NOW - 400 * DAY + random.nextInt(2) * 60L);
            approver.putArray("roles").add("custodian");
            if (random.nextBoolean()) {
                approver.put("approval", "A");
            }
        }
        if (random.nextInt(4) != 0) {
            installation.putObject("told").putObject("EnrolApprover").put("first", NOW - 400 * DAY);
        }
    }

    private static void approvals(Random random, ArrayNode approvals) {
        for (int i = random.nextInt(4); i > 0; i--) {
            ObjectNode approved = approvals
                    .addObject()
                    .put("event", "e" + i)
                    .put("operation", pick(random, APPROVED))
                    .put("time", ago(random, 60))
                    .put("caller", pick(random, PEOPLE))
                    .put("approval", "A" + random.nextInt(4));
            if (random.nextInt(4) == 0) {
                approved.put("order", "O");
            }
            if (random.nextInt(4) != 0) {
                approved.put("seconds", random.nextInt(5000)).put("requester", pick(random, PEOPLE));
                ArrayNode approvers = approved.putArray("approvers");
                for (int j = random.nextInt(3); j > 0; j--) {
                    approvers.add(pick(random, PEOPLE));
                }
            }
        }
    }

    private static void elevations(Random random, ObjectNode elevations) {
        for (int i = random.nextInt(5); i > 0; i--) {
            ObjectNode elevation = elevations
                    .putObject("E" + i)
                    .put("holder", pick(random, PEOPLE))
                    .put("glass", random.nextInt(3) != 0)
                    .put("began", ago(random, 40));
            if (random.nextBoolean()) {
                elevation
                        .put("reviewed", elevation.path("began").asLong() + random.nextInt(2 * DAY))
                        .put("reviewer", pick(random, PEOPLE));
            }
        }
    }

    static ObjectNode token(Random random) {
        ObjectNode input = about("token");
        if (random.nextInt(8) == 0) {
            return input;
        }
        ObjectNode token = input.putObject("token").put("id", "t").put("first", NOW - 400 * DAY);
        ObjectNode told = token.putObject("told");
        for (String operation : List.of("AdoptDeviceObjects", "TokenFailed", "TokenRecovered")) {
            if (random.nextInt(3) != 0) {
                told.putObject(operation).put("count", 1 + random.nextInt(2)).put("last", ago(random, 3));
            }
        }
        ArrayNode adoptions = token.putArray("adoptions");
        for (int i = random.nextInt(3); i > 0; i--) {
            adoptions.add("e" + i);
        }
        if (random.nextBoolean()) {
            token.putArray("tampered")
                    .addObject()
                    .put("time", ago(random, 60))
                    .put("label", "l")
                    .put("difference", "d");
        }
        return input;
    }

    static ObjectNode log(Random random) {
        ObjectNode input = about("log");
        ObjectNode log = input.putObject("log").put("id", "log");
        if (random.nextInt(8) != 0) {
            log.put("first", NOW - 400 * DAY);
        }
        for (String kind : List.of("continuity-conflict", "continuity-head", "log-contradiction")) {
            if (random.nextBoolean()) {
                log.withObjectProperty("found").putObject(kind).put("last", ago(random, 60));
            }
        }
        for (String broken : List.of("gaps", "unattested")) {
            if (random.nextBoolean()) {
                log.putObject(broken).putObject("b e").put("from", 7).put("time", NOW - random.nextInt(1800));
            }
        }
        if (random.nextBoolean()) {
            log.putObject("setAside").put("last", ago(random, 60));
            log.putObject("lacking").putObject("who").put("last", ago(random, 60));
        }
        if (random.nextBoolean()) {
            log.putObject("policies").putObject("sha256:p").put("last", NOW).put("kept", random.nextBoolean());
        }
        return input;
    }

    private static ObjectNode about(String subject) {
        ObjectNode input = JSON.createObjectNode().put("subject", subject);
        input.putObject("time").put("epoch", NOW);
        return input;
    }

    private static long ago(Random random, int days) {
        return NOW - random.nextInt(days * DAY);
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
