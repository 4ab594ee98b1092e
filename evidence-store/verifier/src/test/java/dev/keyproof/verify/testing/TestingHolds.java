package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Records of a broker that place and release legal holds, each approved by carol. */
public final class TestingHolds {
    private final TestingPack testing;

    public TestingHolds(TestingPack testing) {
        this.testing = testing;
    }

    /** A hold on the logs of some years. */
    public String place(int sequence, String approval, String hold, int fromYear, int toYear) {
        return record(
                sequence,
                approval,
                "PlaceLegalHold",
                object().put("hold", hold)
                        .put("fromYear", fromYear)
                        .put("toYear", toYear)
                        .put("reason", "matter"));
    }

    /** The end of a hold. */
    public String release(int sequence, String approval, String hold) {
        return record(
                sequence,
                approval,
                "ReleaseLegalHold",
                object().put("hold", hold).put("reason", "settled"));
    }

    private String record(int sequence, String approval, String operation, ObjectNode parameters) {
        String statement = "{\"aud\":\"keyproof\",\"change\":\"C1\",\"exp\":1700000600,\"id\":\"" + approval
                + "\",\"key\":\"\",\"operation\":\"" + operation + "\",\"parameters\":\"sha256:"
                + Manifest.digest(CanonicalJson.bytes(parameters)).sha256() + "\"}";
        String approved = testing.approved(sequence, "", statement, testing.byCarol(statement))
                .replace("\"A1\"", "\"" + approval + "\"")
                .replace("DestroyKey", operation)
                .replace("\"quorum\":1", "\"of\":\"custodian\",\"quorum\":1")
                .replace(
                        "\"requester\":\"mallory\"",
                        "\"approvers\":[{\"id\":\"carol\",\"roles\":[\"custodian\"]}],\"requester\":\"mallory\"")
                .replace("\"input\":{", "\"input\":{\"request\":{\"parameters\":" + parameters + "},");
        try {
            ObjectNode json = (ObjectNode) new ObjectMapper().readTree(approved.getBytes(StandardCharsets.UTF_8));
            ((ObjectNode) json.path("resources").path(0))
                    .put("uid", parameters.path("hold").asText())
                    .put("type", "legal-hold");
            return json.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode object() {
        return new ObjectMapper().createObjectNode();
    }
}
