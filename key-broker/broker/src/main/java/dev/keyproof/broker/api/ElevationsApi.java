package dev.keyproof.broker.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Signed;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.elevation.Elevation;
import dev.keyproof.broker.elevation.Terms;
import dev.keyproof.broker.operation.Answer;
import dev.keyproof.broker.operation.Elevations;
import dev.keyproof.broker.operation.Sessions;
import dev.keyproof.broker.operation.WantedElevation;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Roles and hats for a time on some keys, what was called under them, and broken glasses. */
@RestController
@Tag(name = "elevations")
class ElevationsApi {
    private static final String NEXT = "Keyproof-Next";
    private static final String DIGEST = "Keyproof-Digest";

    private final Elevations elevations;
    private final Sessions sessions;
    private final Clock clock;

    ElevationsApi(Elevations elevations, Sessions sessions, Clock clock) {
        this.elevations = elevations;
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * An elevation as it stands.
     *
     * @param state {@code requested}, {@code active}, {@code expired} or {@code ended}
     * @param until the first moment in which it counts no more
     * @param reviewDue until when a broken glass is to be reviewed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ElevationDocument(
            String id,
            String holder,
            String state,
            Terms terms,
            String change,
            String approval,
            String requested,
            @Nullable String began,
            @Nullable String until,
            @Nullable String ended,
            @Nullable String reviewDue,
            Elevation.@Nullable Review review) {
        static ElevationDocument of(Elevation one, Instant now) {
            Elevation.Grant grant = one.grant();
            return new ElevationDocument(
                    one.id(),
                    one.holder(),
                    state(one, now),
                    one.terms(),
                    one.change(),
                    one.approval(),
                    one.requested().toString(),
                    grant == null ? null : grant.began().toString(),
                    grant == null ? null : grant.until().toString(),
                    one.ended() == null ? null : one.ended().toString(),
                    one.reviewDue() == null ? null : one.reviewDue().toString(),
                    one.review());
        }

        private static String state(Elevation one, Instant now) {
            if (one.grant() == null) {
                return "requested";
            }
            if (one.ended() != null) {
                return "ended";
            }
            return one.stands(now) ? "active" : "expired";
        }
    }

    /** An elevation with what is signed for it: {@code statement} is the exact text, {@code expires} until when it may be used. */
    record SignedElevation(
            ElevationDocument elevation, String statement, int quorum, String expires, List<String> approvers) {}

    /** The latest elevations. */
    record ElevationList(List<ElevationDocument> elevations) {}

    private ResponseEntity<SignedElevation> answer(int status, Answer<Elevations.Shown> answer) {
        return Answers.of(
                status,
                answer,
                shown -> new SignedElevation(
                        ElevationDocument.of(shown.elevation(), clock.instant()),
                        shown.approval().statement(),
                        shown.approval().quorum(),
                        shown.approval().expires().toString(),
                        shown.approval().standing().stream()
                                .map(Approval.Given::approver)
                                .toList()));
    }

    @PostMapping("/v1/elevations")
    @Operation(summary = "Ask for a role or a hat on some keys for some minutes; with breakGlass without approvers")
    ResponseEntity<SignedElevation> request(Call call, @RequestBody WantedElevation body) throws ProblemException {
        return answer(201, elevations.request(call, body));
    }

    @GetMapping("/v1/elevations")
    @Operation(summary = "The latest 200 elevations")
    ResponseEntity<ElevationList> list(Call call) throws ProblemException {
        return Answers.of(
                elevations.list(call),
                all -> new ElevationList(all.stream()
                        .map(one -> ElevationDocument.of(one, clock.instant()))
                        .toList()));
    }

    @GetMapping("/v1/elevations/{id}")
    @Operation(summary = "An elevation and who has signed for it")
    ResponseEntity<SignedElevation> read(Call call, @PathVariable String id) throws ProblemException {
        return answer(200, elevations.read(call, id));
    }

    @PostMapping("/v1/elevations/{id}:activate")
    @Operation(
            summary =
                    "Let an elevation begin, once its quorum stands; a broken glass on the holder's own signature by a hard token")
    ResponseEntity<SignedElevation> activate(
            Call call, @PathVariable String id, @RequestBody(required = false) ApprovalsApi.@Nullable Signature body)
            throws ProblemException {
        Signed signed = body == null ? null : body.signed();
        return answer(200, elevations.activate(call, id, signed));
    }

    @PostMapping("/v1/elevations/{id}:end")
    @Operation(summary = "End an elevation before its time; answered when no broker lends by it any more")
    ResponseEntity<SignedElevation> end(Call call, @PathVariable String id) throws ProblemException {
        return answer(200, elevations.end(call, id));
    }

    @PostMapping("/v1/elevations/{id}/review")
    @Operation(summary = "Say whether a broken glass was justified; another person than its holder")
    ResponseEntity<SignedElevation> review(Call call, @PathVariable String id, @RequestBody Elevations.Said body)
            throws ProblemException {
        return answer(200, elevations.review(call, id, body));
    }

    @GetMapping("/v1/elevations/{id}/calls")
    @Operation(summary = "What was called under an elevation, up to 1000 at a time")
    ResponseEntity<Sessions.Part> calls(
            Call call,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String after)
            throws ProblemException {
        return Answers.of(sessions.read(call, id, limit, after), Function.identity());
    }

    @PostMapping("/v1/elevations/{id}:export")
    @Operation(
            summary =
                    "The same as NDJSON, up to 50000 lines; the SHA-256 of the bytes is in Keyproof-Digest and on the record, the cursor of the rest in Keyproof-Next")
    ResponseEntity<byte[]> export(
            Call call, @PathVariable String id, @RequestParam(required = false) @Nullable String after)
            throws ProblemException {
        Answer<Sessions.Export> answer = sessions.export(call, id, after);
        Sessions.Export export = answer.value();
        ResponseEntity.BodyBuilder response = ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_NDJSON)
                .header(Answers.RECORD, answer.position())
                .header(DIGEST, export.digest());
        if (export.next() != null) {
            response.header(NEXT, Long.toString(export.next()));
        }
        return response.body(export.lines());
    }
}
