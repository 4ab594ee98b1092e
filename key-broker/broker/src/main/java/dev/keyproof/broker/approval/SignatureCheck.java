package dev.keyproof.broker.approval;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Checks one signature over one statement, of either kind. */
public final class SignatureCheck {
    private final @Nullable AssertionCheck assertions;

    public SignatureCheck(@Nullable Passkeys passkeys) {
        this.assertions = passkeys == null ? null : new AssertionCheck(passkeys);
    }

    /**
     * Which of these approvers signed exactly this statement.
     *
     * @throws ProblemException {@link Problem#APPROVAL_INVALID}, saying what does not hold
     */
    Signer signer(Approvers approvers, String statement, Signed signed) throws ProblemException {
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
