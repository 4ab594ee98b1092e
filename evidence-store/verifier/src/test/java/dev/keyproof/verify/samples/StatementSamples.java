package dev.keyproof.verify.samples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingElevations;
import dev.keyproof.verify.testing.TestingPack;
import java.util.List;
import java.util.function.UnaryOperator;

/** Approvals for something else than was done, or done twice. */
final class StatementSamples {
    private static final String FILE = "approvals/A1.json: ";
    private static final String STATEMENT = TestingPack.STATEMENT;

    private final Samples samples;
    private final TestingPack testing;

    StatementSamples(Samples samples) {
        this.samples = samples;
        this.testing = samples.testing;
    }

    List<Sample> all() {
        return List.of(
                saysMore(),
                forAnotherRequest(),
                forAnotherOperation(),
                forAnotherKey(),
                forAnotherBroker(),
                forOtherParameters(),
                expired(),
                decidedOnAnother(),
                decidedOnAnotherElevation(),
                lentForTooLong(),
                replayed(),
                anotherOrder(),
                orderDoneTwice());
    }

    private Sample saysMore() {
        return signed(
                Reason.STATEMENT_FORM,
                "the statement says more or less than an approval's does",
                says -> says.replace("\"aud\"", "\"also\":1,\"aud\""));
    }

    private Sample forAnotherRequest() {
        return signed(
                Reason.STATEMENT_REQUEST,
                "the statement is for another approval request",
                says -> says.replace("\"A1\"", "\"A2\""));
    }

    private Sample forAnotherOperation() {
        return signed(
                Reason.STATEMENT_OPERATION,
                "the statement is for another operation",
                says -> says.replace("DestroyKey", "RotateKey"));
    }

    private Sample forAnotherKey() {
        return approved(
                Reason.STATEMENT_KEY,
                "the statement is for another key",
                testing.approved(2, "K2", STATEMENT, testing.byCarol(STATEMENT)));
    }

    private Sample forAnotherBroker() {
        return signed(
                Reason.STATEMENT_AUDIENCE,
                "the statement is for another, whom the trust file does not name",
                says -> says.replace("\"aud\":\"keyproof\"", "\"aud\":\"another\""));
    }

    private Sample forOtherParameters() {
        return signed(
                Reason.STATEMENT_PARAMETERS,
                "the statement is for other parameters",
                says -> says.replace("sha256:44", "sha256:45"));
    }

    private Sample expired() {
        String over = STATEMENT.replace("1700000600", "1699999999");
        return approved(
                Reason.APPROVAL_EXPIRED,
                "the operation was done after the approval had expired",
                testing.approved(2, "K1", over, testing.byCarol(over))
                        .replace("\"expires\":1700000600", "\"expires\":1699999999"));
    }

    private Sample decidedOnAnother() {
        return signed(
                Reason.DECISION_APPROVAL,
                "policy decided on another approval than the one that was signed",
                says -> says.replace("C1", "C2"));
    }

    private Sample decidedOnAnotherElevation() {
        TestingElevations elevations = new TestingElevations(testing);
        ObjectNode event = elevations.event("ActivateElevation");
        TestingElevations.told(event).put("minutes", 1);
        return new Sample(
                Reason.DECISION_ELEVATION,
                elevations.pack(TestingElevations.with(event, elevations.written())),
                elevations.trust(),
                TestingElevations.file(event)
                        + ": policy decided on another elevation than the one that was signed for");
    }

    private Sample lentForTooLong() {
        TestingElevations elevations = new TestingElevations(testing);
        ObjectNode event = elevations.event("ActivateElevation");
        TestingElevations.detail(event).put("until", "2026-11-27T17:02:20Z");
        return new Sample(
                Reason.ELEVATION_TOO_LONG,
                elevations.pack(TestingElevations.with(event, elevations.written())),
                elevations.trust(),
                TestingElevations.file(event) + ": the elevation ends later than the minutes that were signed");
    }

    /** One approval for two destructions. */
    private Sample replayed() {
        return samples.sealed(
                Reason.APPROVAL_REPLAYED,
                FILE + "was used more than once: by entry 2 of log/2026 and by entry 5 of log/2026",
                entries -> entries.set(
                        5, Samples.bytes(testing.approved(5, "K1", STATEMENT, testing.byCarol(STATEMENT)))));
    }

    private Sample anotherOrder() {
        return ordered(
                Reason.ORDER_OTHER, "entry 5 of log/2026 did what this approval did not order", List.of(act(5, "I2")));
    }

    private Sample orderDoneTwice() {
        return ordered(
                Reason.ORDER_REPEATED,
                "was carried out more than once: by entry 5 of log/2026 and by entry 6 of log/2026",
                List.of(act(5, "I1"), act(6, "I1")));
    }

    private Sample ordered(Reason reason, String says, List<String> acts) {
        return samples.sealed(reason, FILE + says, entries -> {
            entries.set(2, Samples.bytes(testing.ordered()));
            for (int i = 0; i < acts.size(); i++) {
                entries.set(5 + i, Samples.bytes(acts.get(i)));
            }
        });
    }

    private String act(int sequence, String order) {
        return testing.act(sequence, "K1", order);
    }

    /** Carol signed another statement for what was done. */
    private Sample signed(Reason reason, String says, UnaryOperator<String> bend) {
        String statement = bend.apply(STATEMENT);
        return approved(reason, says, testing.approved(2, "K1", statement, testing.byCarol(statement)));
    }

    private Sample approved(Reason reason, String says, String approved) {
        return samples.sealed(reason, FILE + says, entries -> entries.set(2, Samples.bytes(approved)));
    }
}
