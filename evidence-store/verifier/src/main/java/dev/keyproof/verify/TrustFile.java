package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.note.NoteException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The anchor: what an auditor got by another way than the pack. UTF-8 text, one item after another; empty lines and lines that
 * begin with {@code #} mean nothing:
 *
 * <pre>
 * keyproof-trust/v1
 * signer                       then one PEM certificate: a root of pack signers
 * time-stamp-authority         then one PEM certificate: a root of time-stamp authorities
 * log VKEY                     a C2SP verifier key of a log: name+id+key
 * log VKEY until N             the same of a key that handed over: beyond N entries it proves nothing without a successor
 * witnesses N VKEY VKEY ...    at least N of these witnesses cosigned each checkpoint; every such line must hold
 * audience NAME                approvals are made out to NAME
 * approver ID JWK              the public key of one of the first approvers, JWK in canonical JSON
 * </pre>
 *
 * @param signers roots of pack signers
 * @param timeStampers roots of time-stamp authorities
 * @param logKeys keys of logs
 * @param approvers public keys by approver id
 * @param witnesses what is asked of witnesses; each must hold
 * @param audiences whom approvals may be made out to; empty if it does not say
 */
public record TrustFile(
        List<X509Certificate> signers,
        List<X509Certificate> timeStampers,
        List<LogKey> logKeys,
        Map<String, ObjectNode> approvers,
        List<WitnessPolicy> witnesses,
        List<String> audiences) {
    private static final String FORM = "keyproof-trust/v1";
    private static final String SIGNER = "signer";
    private static final String TIME = "time-stamp-authority";

    /** An empty anchor: nothing is trusted. */
    public static TrustFile none() {
        return new TrustFile(List.of(), List.of(), List.of(), Map.of(), List.of(), List.of());
    }

    /** An anchor for approvals alone. */
    public static TrustFile ofApprovers(Map<String, ObjectNode> approvers, List<String> audiences) {
        return new TrustFile(List.of(), List.of(), List.of(), approvers, List.of(), audiences);
    }

    /** Both anchors together; {@code other} wins where both name an approver. */
    public TrustFile and(TrustFile other) {
        Map<String, ObjectNode> both = new TreeMap<>(approvers);
        both.putAll(other.approvers);
        return new TrustFile(
                join(signers, other.signers),
                join(timeStampers, other.timeStampers),
                join(logKeys, other.logKeys),
                both,
                join(witnesses, other.witnesses),
                join(audiences, other.audiences));
    }

    /** What it says of a log's key, by its verifier key; of two bounds the tighter one counts. */
    Optional<LogKey> logKey(String vkey) {
        return logKeys.stream().filter(key -> key.vkey().equals(vkey)).min(Comparator.comparingLong(LogKey::until));
    }

    /** The text of the file. */
    public String text() {
        StringBuilder text = new StringBuilder(FORM).append('\n');
        text.append("# Keep this file apart from the packs it proves, and ask for its SHA-256 by another way.\n");
        signers.forEach(root -> text.append('\n').append(SIGNER).append('\n').append(Certificates.pem(List.of(root))));
        timeStampers.forEach(
                root -> text.append('\n').append(TIME).append('\n').append(Certificates.pem(List.of(root))));
        text.append('\n');
        logKeys.forEach(key -> text.append("log ").append(key.text()).append('\n'));
        witnesses.forEach(
                policy -> text.append("witnesses ").append(policy.text()).append('\n'));
        audiences.forEach(name -> text.append("audience ").append(name).append('\n'));
        new TreeMap<>(approvers)
                .forEach((id, jwk) -> text.append("approver ")
                        .append(id)
                        .append(' ')
                        .append(new String(CanonicalJson.bytes(jwk), StandardCharsets.UTF_8))
                        .append('\n'));
        return text.toString();
    }

    /**
     * Reads a trust file.
     *
     * @throws UnreadableException naming the line that cannot be read
     */
    public static TrustFile parse(String text) throws UnreadableException {
        String[] lines = text.split("\n", -1);
        List<X509Certificate> signers = new ArrayList<>();
        List<X509Certificate> timeStampers = new ArrayList<>();
        List<LogKey> logKeys = new ArrayList<>();
        Map<String, ObjectNode> approvers = new TreeMap<>();
        List<WitnessPolicy> witnesses = new ArrayList<>();
        List<String> audiences = new ArrayList<>();
        boolean form = false;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!form) {
                require(line.equals(FORM), i, "a trust file begins with " + FORM);
                form = true;
            } else if (line.equals(SIGNER) || line.equals(TIME)) {
                StringBuilder pem = new StringBuilder();
                int from = i;
                do {
                    i++;
                    require(i < lines.length, from, "no certificate follows");
                    pem.append(lines[i].strip()).append('\n');
                } while (!lines[i].startsWith("-----END"));
                (line.equals(SIGNER) ? signers : timeStampers).add(certificate(pem.toString(), from));
            } else if (line.startsWith("log ")) {
                logKeys.add(noted(i, () -> LogKey.parse(line.substring(4))));
            } else if (line.startsWith("witnesses ")) {
                witnesses.add(noted(i, () -> WitnessPolicy.parse(line.substring(10))));
            } else if (line.startsWith("audience ")) {
                audiences.add(line.substring(9).strip());
            } else if (line.startsWith("approver ")) {
                String[] parts = line.split(" ", 3);
                require(parts.length == 3, i, "approver, id and JWK are wanted");
                approvers.put(parts[1], jwk(parts[2], i));
            } else {
                throw fault(i, "neither signer, time-stamp-authority, log, witnesses, audience nor approver");
            }
        }
        require(form, 0, "a trust file begins with " + FORM);
        require(
                witnesses.stream()
                        .flatMap(policy -> policy.witnesses().stream())
                        .noneMatch(witness -> logKeys.stream()
                                .anyMatch(key -> key.verifier().key().equals(witness.key()))),
                0,
                "a log's key is named as a witness's: no log is a witness of its own");
        return new TrustFile(
                List.copyOf(signers),
                List.copyOf(timeStampers),
                List.copyOf(logKeys),
                approvers,
                List.copyOf(witnesses),
                List.copyOf(audiences));
    }

    /** Reads something of a signed note. */
    private interface Noted<T> {
        T read() throws NoteException;
    }

    private static <T> T noted(int line, Noted<T> noted) throws UnreadableException {
        try {
            return noted.read();
        } catch (NoteException e) {
            throw fault(line, String.valueOf(e.getMessage()));
        }
    }

    private static X509Certificate certificate(String pem, int line) throws UnreadableException {
        try {
            List<X509Certificate> certificates = Certificates.parse(pem);
            require(certificates.size() == 1, line, "one certificate is wanted");
            return certificates.getFirst();
        } catch (CertificateException e) {
            throw fault(line, "the certificate that follows cannot be read: " + e.getMessage());
        }
    }

    private static ObjectNode jwk(String json, int line) throws UnreadableException {
        try {
            JsonNode jwk = CanonicalJson.MAPPER.readTree(json);
            if (jwk instanceof ObjectNode object) {
                return object;
            }
            throw fault(line, "the JWK is not an object");
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw fault(line, "the JWK is not JSON");
        }
    }

    private static void require(boolean condition, int line, String otherwise) throws UnreadableException {
        if (!condition) {
            throw fault(line, otherwise);
        }
    }

    private static UnreadableException fault(int line, String reason) {
        return new UnreadableException("not a trust file: line " + (line + 1) + ": " + reason);
    }

    private static <T> List<T> join(List<T> a, List<T> b) {
        List<T> both = new ArrayList<>(a);
        both.addAll(b);
        return List.copyOf(both);
    }
}
