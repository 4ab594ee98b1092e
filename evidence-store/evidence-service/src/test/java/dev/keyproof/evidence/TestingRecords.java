package dev.keyproof.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingEnrolments;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.function.UnaryOperator;

/** Records of approvals, each to be put in the place of a journal's own record: one approver enrols another, who approves. */
final class TestingRecords {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TestingPack TESTING = new TestingPack();

    /** The first approver is enrolled. */
    UnaryOperator<String> first() {
        return placed(TestingPack.enrolment(0, "carol", TESTING.carol()));
    }

    /** And enrols the second. */
    UnaryOperator<String> second(KeyPair erin) {
        return placed(TestingEnrolments.ofErin(TESTING, 1, erin, ""));
    }

    /** Both, and a destruction is ordered. */
    List<UnaryOperator<String>> enrolments(KeyPair erin) {
        return List.of(first(), second(erin), placed(TESTING.ordered("A7")));
    }

    UnaryOperator<String> carriedOut() {
        return placed(TESTING.act(0, "K1", "I1").replace("\"A1\"", "\"A7\""));
    }

    UnaryOperator<String> destruction(KeyPair erin) {
        return destruction(erin, "K1", "A1");
    }

    UnaryOperator<String> destruction(KeyPair erin, String key, String approval) {
        String statement =
                TestingPack.STATEMENT.replace("\"K1\"", "\"" + key + "\"").replace("\"A1\"", "\"" + approval + "\"");
        return placed(TESTING.approved(0, key, statement, TestingPack.approval("erin", erin, statement))
                .replace("\"approval\":\"A1\"", "\"approval\":\"" + approval + "\"")
                .replace("\"request\":\"A1\"", "\"request\":\"" + approval + "\""));
    }

    /** The record, at the place in the journal and under the policy of the one that it stands for. */
    static UnaryOperator<String> placed(String record) {
        return original -> {
            try {
                ObjectNode json = (ObjectNode) MAPPER.readTree(record);
                JsonNode other = MAPPER.readTree(original);
                json.set("metadata", other.path("metadata"));
                ObjectNode extension = (ObjectNode) json.at("/unmapped/keyproof");
                extension.set("epoch", other.at("/unmapped/keyproof/epoch"));
                extension.set("previous", other.at("/unmapped/keyproof/previous"));
                if (extension.path("decision") instanceof ObjectNode decision) {
                    decision.set("policy", other.at("/unmapped/keyproof/decision/policy"));
                    decision.set("data", other.at("/unmapped/keyproof/decision/data"));
                }
                return json.toString();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
