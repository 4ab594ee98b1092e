package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.RuleExceptions;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What a key may fail, for how long, and why. */
@RestController
@Tag(name = "exceptions")
class ExceptionsApi {
    private final RuleExceptions exceptions;
    private final LeasedKeys keys;

    ExceptionsApi(RuleExceptions exceptions, LeasedKeys keys) {
        this.exceptions = exceptions;
        this.keys = keys;
    }

    /** Which exception ends, and why. */
    record Withdrawal(
            @Nullable String exception,
            @Nullable String reason,
            @Nullable String approval) {}

    @PostMapping("/v1/keys/{id}:grant-exception")
    @Operation(summary = "Let a key fail a rule for some days, as a quorum approved it; findings say so until then")
    ResponseEntity<KeyDocument> grant(Call call, @PathVariable String id, @RequestBody RuleExceptions.Wanted body)
            throws ProblemException {
        return Answers.of(exceptions.grant(call, keys.resolve(id), body), Function.identity());
    }

    @PostMapping("/v1/keys/{id}:withdraw-exception")
    @Operation(summary = "End an exception, also one whose time is over, which is a finding until then")
    ResponseEntity<KeyDocument> withdraw(Call call, @PathVariable String id, @RequestBody Withdrawal body)
            throws ProblemException {
        return Answers.of(
                exceptions.withdraw(call, keys.resolve(id), body.exception(), body.reason(), body.approval()),
                Function.identity());
    }
}
