package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.CanonicalJson;
import java.io.IOException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** Outcomes by which a quorum, which is one approver here, gives somebody a key to approve with. */
public final class TestingEnrolments {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TestingEnrolments() {}

    /** Erin's enrolment, that carol approved; {@code other} makes what she signed something else. */
    public static String ofErin(TestingPack testing, int sequence, KeyPair erin, String other) {
        return approved(testing, sequence, "A2", "erin", erin, other, testing::byCarol);
    }

    /** Somebody's enrolment on the approval of that id, that {@code signs} approves. */
    public static String approved(
            TestingPack testing,
            int sequence,
            String approval,
            String approver,
            KeyPair key,
            String other,
            UnaryOperator<String> signs) {
        try {
            ObjectNode detail = (ObjectNode) MAPPER.readTree(TestingPack.enrolment(sequence, approver, key))
                    .at("/unmapped/keyproof/detail");
            detail.putArray("roles").add("custodian");
            ObjectNode parameters = MAPPER.createObjectNode();
            parameters.put("approver", approver);
            parameters.put("enrolment", other + digest(detail));
            String statement = "{\"aud\":\"keyproof\",\"change\":\"C1\",\"exp\":1700000600,\"id\":\"" + approval
                    + "\",\"key\":\"\",\"operation\":\"EnrolApprover\",\"parameters\":\"" + digest(parameters) + "\"}";
            ObjectNode whole =
                    (ObjectNode) MAPPER.readTree(testing.approved(sequence, "", statement, signs.apply(statement))
                            .replace("\"A1\"", "\"" + approval + "\"")
                            .replace("DestroyKey", "EnrolApprover")
                            .replace("\"input\":{", "\"input\":{\"request\":{\"parameters\":" + parameters + "},"));
            ((ObjectNode) whole.path("resources").path(0)).put("uid", approver).put("type", "approver");
            ((ObjectNode) whole.at("/unmapped/keyproof/detail")).setAll(detail);
            return whole.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(ObjectNode json) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(CanonicalJson.bytes(json));
            return "sha256:" + HexFormat.of().formatHex(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
