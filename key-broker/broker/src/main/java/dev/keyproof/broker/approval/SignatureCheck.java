package dev.keyproof.broker.approval;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Checks one signature over one statement, of either kind. */
final class SignatureCheck {
    private final Approvers approvers;
    private final @Nullable AssertionCheck assertions;

    SignatureCheck(Approvers approvers, @Nullable Passkeys passkeys) {
        this.approvers = approvers;
        this.assertions = passkeys == null ? null : new AssertionCheck(passkeys);
    }

    /**
     * Who signed exactly this statement.
     *
     * @throws ProblemException {@link Problem#APPROVAL_INVALID}, saying what does not hold
     */
    Signer signer(String statement, Signed signed) throws ProblemException {
        return switch (signed) {
            case Signed.Jws jws -> new Signer(JwsCheck.signer(approvers, statement, jws.compact()), 0);
            case Signed.Assertion assertion -> {
                if (assertions == null) {
                    throw new ProblemException(
                            Problem.APPROVAL_INVALID, "this broker takes no passkeys: keyproof.passkeys is not set");
                }
                yield assertions.signer(approvers, statement, assertion);
            }
        };
    }
}
