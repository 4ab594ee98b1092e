package dev.keyproof.broker.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.operation.ApprovalCalls;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Approvals: asked for, signed, seen. They are used where the operation is called. */
@RestController
@Tag(name = "approvals")
class ApprovalsApi {
    private final ApprovalCalls calls;

    ApprovalsApi(ApprovalCalls calls) {
        this.calls = calls;
    }

    /** A compact JWS by ES256 over the statement, {@code typ} {@code keyproof-approval+jws}, {@code kid} the approver. */
    record Signature(@Nullable String jws) {}

    /** An approval as it stands; {@code statement} is the exact text to sign. */
    record ApprovalDocument(
            String id,
            String statement,
            String operation,
            String key,
            String change,
            @JsonRawValue String parameters,
            String requester,
            int quorum,
            String created,
            String expires,
            boolean used,
            List<String> approvers) {
        static ApprovalDocument of(Approval approval) {
            return new ApprovalDocument(
                    approval.id(),
                    approval.statement(),
                    approval.operation(),
                    approval.key(),
                    approval.change(),
                    approval.parameters(),
                    approval.requester(),
                    approval.quorum(),
                    approval.created().toString(),
                    approval.expires().toString(),
                    approval.usedBy() != null,
                    approval.signatures().stream().map(Approval.Given::approver).toList());
        }
    }

    /** The latest approvals. */
    record ApprovalList(List<ApprovalDocument> approvals) {
        static ApprovalList of(List<Approval> approvals) {
            return new ApprovalList(approvals.stream().map(ApprovalDocument::of).toList());
        }
    }

    @PostMapping("/v1/approvals")
    @Operation(summary = "Ask for approval of an operation on a key")
    ResponseEntity<ApprovalDocument> request(Call call, @RequestBody ApprovalCalls.Wanted body)
            throws ProblemException {
        return Answers.of(201, calls.request(call, body), ApprovalDocument::of);
    }

    @GetMapping("/v1/approvals")
    @Operation(summary = "The latest 200 approvals")
    ResponseEntity<ApprovalList> list(Call call) throws ProblemException {
        return Answers.of(calls.list(call), ApprovalList::of);
    }

    @GetMapping("/v1/approvals/{id}")
    @Operation(summary = "An approval and who has signed it")
    ResponseEntity<ApprovalDocument> read(Call call, @PathVariable String id) throws ProblemException {
        return Answers.of(calls.read(call, id), ApprovalDocument::of);
    }

    @PostMapping("/v1/approvals/{id}/signatures")
    @Operation(summary = "Give an approver's signature")
    ResponseEntity<ApprovalDocument> sign(Call call, @PathVariable String id, @RequestBody Signature body)
            throws ProblemException {
        return Answers.of(calls.sign(call, id, body.jws()), ApprovalDocument::of);
    }
}
