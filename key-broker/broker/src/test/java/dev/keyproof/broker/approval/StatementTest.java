package dev.keyproof.broker.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approval.Given;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is signed, and how long it took until enough had signed. */
class StatementTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant ASKED = Instant.parse("2026-11-01T10:00:00Z");

    @Test
    void theStatementBindsAllOfTheRequest() throws Exception {
        String statement = Statement.of(
                "prod",
                "01A",
                "DestroyKey",
                "01K",
                JSON.readTree("{\"b\":1,\"a\":\"x\"}"),
                "CHG-1",
                "rita",
                Instant.ofEpochSecond(1_800_000_000, 999));

        // SHA-256 of {"a":"x","b":1}
        assertThat(statement)
                .isEqualTo(
                        "{\"aud\":\"prod\",\"change\":\"CHG-1\",\"exp\":1800000000,\"id\":\"01A\",\"key\":\"01K\","
                                + "\"operation\":\"DestroyKey\",\"parameters\":"
                                + "\"sha256:cdab067e9f3beb32d1252cfd63e492592fecbf591b0d08cadb24bb17f3864246\",\"requester\":\"rita\"}");
    }

    @Test
    void whatHasNoCanonicalFormIsRefusedAsInput() {
        assertThatThrownBy(() -> Statement.canonical(JSON.getNodeFactory().numberNode(1)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT));
    }

    private static Given given(String who, int second, boolean withdrawn) {
        return new Given(who, who, null, ASKED.plusSeconds(second), withdrawn ? ASKED.plusSeconds(second + 1) : null);
    }

    private static Approval approval(
            String operation, String parameters, int quorum, @Nullable String usedBy, Given... signatures) {
        return new Approval(
                "01A",
                "{}",
                operation,
                "",
                "CHG-1",
                parameters,
                "rita",
                quorum,
                "custodian",
                ASKED,
                ASKED.plusSeconds(3600),
                0,
                null,
                usedBy,
                List.of(signatures));
    }

    private static JsonNode clock(Approval approval) throws Exception {
        ObjectNode record = JSON.createObjectNode();
        QuorumClock.of(approval, ASKED.plusSeconds(100)).describe(record);
        return JSON.readTree(record.path("quorumClock").toString());
    }

    @Test
    void theClockStopsWithTheLastSignatureThatWasNeeded() throws Exception {
        Approval three = approval(
                "DestroyKey", "{}", 2, null, given("c", 30, false), given("b", 20, false), given("a", 10, false));

        assertThat(clock(three))
                .isEqualTo(JSON.readTree("{\"requested\":\"2026-11-01T10:00:00Z\",\"reached\":"
                        + "\"2026-11-01T10:00:20Z\",\"met\":true,\"seconds\":20}"));
    }

    @Test
    void whoTookTheSignatureBackDoesNotCount() throws Exception {
        Approval one = approval("DestroyKey", "{}", 2, null, given("a", 10, false), given("b", 20, true));

        assertThat(one.standing()).extracting(Given::approver).containsExactly("a");
        assertThat(clock(one))
                .isEqualTo(JSON.readTree("{\"requested\":\"2026-11-01T10:00:00Z\",\"met\":false,\"seconds\":100}"));
    }

    @Test
    void anApprovalOfAnEnrolmentIsAboutSomebody() {
        String parameters = "{\"approver\":\"dora\"}";

        assertThat(approval("EnrolApprover", parameters, 1, null).about()).isEqualTo("dora");
        assertThat(approval("RevokeApprover", parameters, 1, null).about()).isEqualTo("dora");
        assertThat(approval("DestroyKey", parameters, 1, null).about()).isNull();
    }

    @Test
    void anotherSignatureLeavesTheRestAsItIs() {
        Approval before = approval("DestroyKey", "{}", 2, "01U");

        Approval after = before.signedBy(List.of(given("a", 1, false)));

        assertThat(after.signatures()).containsExactly(given("a", 1, false));
        assertThat(after.signedBy(List.of())).isEqualTo(before);
    }
}
