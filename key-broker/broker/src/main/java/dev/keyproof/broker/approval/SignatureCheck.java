package dev.keyproof.broker.approval;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.text.ParseException;
import java.util.Set;

/** Checks one signature over one statement; algorithm, type and signer are pinned, nothing in the header is believed. */
final class SignatureCheck {
    /** The type that an approval's signature carries. */
    static final JOSEObjectType TYPE = new JOSEObjectType("keyproof-approval+jws");

    private static final Set<String> HEADERS = Set.of("alg", "typ", "kid");
    private static final int LARGEST = 4096;

    private final Approvers approvers;

    SignatureCheck(Approvers approvers) {
        this.approvers = approvers;
    }

    /**
     * The approver who signed exactly this statement.
     *
     * @throws ProblemException {@link Problem#APPROVAL_INVALID}, saying what does not hold
     */
    Approver signer(String statement, String jws) throws ProblemException {
        if (jws.length() > LARGEST) {
            throw invalid("the signature is too long");
        }
        JWSObject parsed;
        try {
            parsed = JWSObject.parse(jws);
        } catch (ParseException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the signature is not a compact JWS", e);
        }
        JWSHeader header = parsed.getHeader();
        if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
            throw invalid("the signature's alg is not ES256");
        }
        if (!TYPE.equals(header.getType())) {
            throw invalid("the signature's typ is not " + TYPE);
        }
        if (!HEADERS.equals(header.getIncludedParams())) {
            throw invalid("the signature's header has other members than alg, typ and kid");
        }
        Approver approver = approvers
                .find(header.getKeyID())
                .orElseThrow(() -> invalid("the signature's kid is no enrolled approver"));
        if (!statement.equals(parsed.getPayload().toString())) {
            throw invalid("what was signed is not this statement");
        }
        try {
            if (!parsed.verify(new ECDSAVerifier(approver.key()))) {
                throw invalid("the signature does not verify");
            }
        } catch (JOSEException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the signature cannot be verified", e);
        }
        return approver;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.APPROVAL_INVALID, detail);
    }
}
