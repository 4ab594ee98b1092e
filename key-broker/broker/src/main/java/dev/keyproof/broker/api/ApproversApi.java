package dev.keyproof.broker.api;

import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.Passkey;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.operation.ApprovalCalls;
import dev.keyproof.broker.operation.Enrolments;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whose signatures count, and how that is changed. */
@RestController
@Tag(name = "approvals")
class ApproversApi {
    private final ApprovalCalls calls;
    private final Enrolments enrolments;
    private final BrokerProperties.PasskeySettings passkeys;
    private final String audience;

    ApproversApi(ApprovalCalls calls, Enrolments enrolments, BrokerProperties.Checked settings) {
        this.calls = calls;
        this.enrolments = enrolments;
        this.passkeys = settings.passkeys();
        this.audience = settings.audience();
    }

    /**
     * Whose signatures count.
     *
     * @param credential where the key is a passkey
     * @param aaguid the model of the token that holds it, where its maker attested it
     */
    record ApproverDocument(
            String id,
            String thumbprint,
            List<String> roles,
            @Nullable String credential,
            @Nullable String aaguid) {
        static ApproverDocument of(Approver approver) {
            Passkey passkey = approver.passkey();
            return new ApproverDocument(
                    approver.id(),
                    approver.thumbprint(),
                    approver.roles(),
                    passkey == null ? null : passkey.credential(),
                    approver.aaguid());
        }
    }

    /**
     * The approvers.
     *
     * @param audience whom statements are made out to
     * @param rpId the relying party of their passkeys, where the broker takes any
     */
    record ApproverList(String audience, @Nullable String rpId, List<ApproverDocument> approvers) {}

    /** The approval of an enrolment. */
    record Approved(@Nullable String approval) {}

    @GetMapping("/v1/approvers")
    @Operation(summary = "Whose signatures count")
    ResponseEntity<ApproverList> approvers(Call call) throws ProblemException {
        return Answers.of(
                calls.approvers(call),
                approvers -> new ApproverList(
                        audience,
                        passkeys.rpId(),
                        approvers.stream().map(ApproverDocument::of).toList()));
    }

    @PostMapping("/v1/approvers")
    @Operation(summary = "Ask for approval of an approver's enrolment, with a new key or other roles too")
    ResponseEntity<ApprovalsApi.ApprovalDocument> request(Call call, @RequestBody Enrolments.Wanted body)
            throws ProblemException {
        return Answers.of(201, enrolments.request(call, body), ApprovalsApi.ApprovalDocument::of);
    }

    @PutMapping("/v1/approvers/{id}")
    @Operation(summary = "Enrol an approver whom a quorum approved")
    ResponseEntity<ApproverDocument> enrol(Call call, @PathVariable String id, @RequestBody Approved body)
            throws ProblemException {
        return Answers.of(enrolments.enrol(call, id, body.approval()), ApproverDocument::of);
    }

    @DeleteMapping("/v1/approvers/{id}")
    @Operation(summary = "Revoke an approver, as a quorum of the others approved")
    ResponseEntity<ApproverDocument> revoke(
            Call call, @PathVariable String id, @RequestParam(required = false) @Nullable String approval)
            throws ProblemException {
        return Answers.of(enrolments.revoke(call, id, approval), ApproverDocument::of);
    }
}
