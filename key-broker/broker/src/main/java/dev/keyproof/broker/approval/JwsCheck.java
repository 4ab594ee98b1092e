package dev.keyproof.broker.approval;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.ECKey;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.util.Set;
import java.util.stream.Stream;

/** Checks one JWS over one statement; algorithm, type and signer are pinned, nothing in the header is believed. */
final class JwsCheck {
    /** The type that an approval's signature carries. */
    static final JOSEObjectType TYPE = new JOSEObjectType("keyproof-approval+jws");

    private static final Set<String> HEADERS = Set.of("alg", "typ", "kid");
    private static final int LARGEST = 4096;

    private JwsCheck() {}

    static Approver signer(Approvers approvers, String statement, String jws) throws ProblemException {
        if (jws.length() > LARGEST) {
            throw invalid("the signature is too long");
        }
        if (!isCompact(jws)) {
            throw invalid("the signature is not a compact JWS (RFC 7515) in base64url without padding");
        }
        JWSObject parsed;
        try {
            parsed = JWSObject.parse(jws);
        } catch (ParseException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the signature is not a compact JWS", e);
        }
        JWSHeader header = parsed.getHeader();
        if (!TYPE.equals(header.getType())) {
            throw invalid("the signature's typ is not " + TYPE);
        }
        if (!HEADERS.equals(header.getIncludedParams())) {
            throw invalid("the signature's header has other members than alg, typ and kid");
        }
        Approver approver = approvers
                .find(header.getKeyID())
                .orElseThrow(() -> invalid("the signature's kid is no enrolled approver"));
        if (approver.passkey() != null) {
            throw invalid("the approver's key is a passkey, which makes no JWS");
        }
        boolean curve = approver.key() instanceof ECKey;
        JWSAlgorithm algorithm = curve ? JWSAlgorithm.ES256 : JWSAlgorithm.EdDSA;
        if (!algorithm.equals(header.getAlgorithm())) {
            throw invalid("the signature's alg is not " + algorithm);
        }
        if (!statement.equals(parsed.getPayload().toString())) {
            throw invalid("what was signed is not this statement");
        }
        try {
            Signature signature = Signature.getInstance(curve ? "SHA256withECDSAinP1363Format" : "Ed25519");
            signature.initVerify(PublicKeys.of(approver.key()));
            signature.update(parsed.getSigningInput());
            if (!signature.verify(parsed.getSignature().decode())) {
                throw invalid("the signature does not verify");
            }
        } catch (GeneralSecurityException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the signature cannot be verified", e);
        }
        return approver;
    }

    /** The library reads over much that is not base64url; who verifies the record later does not. */
    private static boolean isCompact(String jws) {
        String[] parts = jws.split("\\.", -1);
        return parts.length == 3 && Stream.of(parts).allMatch(PublicKeys::isBase64Url);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.APPROVAL_INVALID, detail);
    }
}
