package dev.keyproof.broker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.operation.LegalHolds;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Legal holds on sealed evidence. */
@RestController
@Tag(name = "holds")
class HoldsApi {
    static final String PATH = "/v1/holds";

    private final LegalHolds holds;

    HoldsApi(LegalHolds holds) {
        this.holds = holds;
    }

    /** What is to be held, with the approval of {@code PlaceLegalHold} with these parameters. */
    record Place(
            @Nullable String hold,
            @Nullable Integer fromYear,
            @Nullable Integer toYear,
            @Nullable String reason,
            @Nullable String approval) {}

    /** Why a hold ends, with the approval of {@code ReleaseLegalHold} with the hold's name and that reason. */
    record Release(@Nullable String reason, @Nullable String approval) {}

    /** A hold that was placed. */
    record Placed(String hold, int fromYear, int toYear, String reason) {
        static Placed of(ObjectNode said) {
            return new Placed(
                    said.path("hold").asText(),
                    said.path("fromYear").asInt(),
                    said.path("toYear").asInt(),
                    said.path("reason").asText());
        }
    }

    /** A hold that was released. */
    record Released(String hold, String reason) {
        static Released of(ObjectNode said) {
            return new Released(said.path("hold").asText(), said.path("reason").asText());
        }
    }

    @PostMapping(PATH)
    @Operation(summary = "Place a legal hold on the sealed logs of some years, as a quorum approved it")
    ResponseEntity<Placed> place(Call call, @RequestBody Place body) throws ProblemException {
        return Answers.of(
                201,
                holds.place(
                        call,
                        new LegalHolds.Wanted(body.hold(), body.fromYear(), body.toYear(), body.reason()),
                        body.approval()),
                Placed::of);
    }

    @PostMapping(PATH + "/{hold}:release")
    @Operation(summary = "Release a legal hold, as a quorum approved it")
    ResponseEntity<Released> release(Call call, @PathVariable String hold, @RequestBody Release body)
            throws ProblemException {
        return Answers.of(holds.release(call, hold, body.reason(), body.approval()), Released::of);
    }
}
