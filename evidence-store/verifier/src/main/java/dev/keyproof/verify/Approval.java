package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A guarded operation's outcome with the approvals it cites: each signed by JWS or by passkey over one and the same statement.
 *
 * @param id of the approval request
 * @param log folder of the log that holds the outcome
 * @param index the outcome's place there
 * @param statement the canonical JSON that was signed
 * @param signatures at least one
 * @param use what it was used for
 */
record Approval(String id, String log, long index, String statement, List<ApprovalSignature> signatures, Use use) {
    /** What a statement says; the earliest ones said nothing of the requester. */
    private static final Set<String> STATED =
            Set.of("aud", "change", "exp", "id", "key", "operation", "parameters", "requester");

    private static final Set<String> STATED_EARLY =
            Set.of("aud", "change", "exp", "id", "key", "operation", "parameters");
    private static final int MS = 1000;

    /**
     * The operation, as its own event tells it.
     *
     * @param intent uid of the record that announced it
     * @param operation what was done
     * @param key to which key
     * @param time when, in milliseconds
     * @param quorum how many approvers policy asked for, at least 1
     * @param role that they must have; nothing where policy did not say
     * @param data digest of the data that policy decided by
     * @param asked what policy was told of the approval
     * @param parameters that a statement for it is made out to: the operation's, or the terms of an elevation
     * @param elevation what began by it, if anything did
     */
    private record Use(
            String intent,
            String operation,
            String key,
            long time,
            int quorum,
            String role,
            String data,
            JsonNode asked,
            JsonNode parameters,
            Optional<Elevation> elevation) {
        boolean breaksGlass() {
            return elevation.map(Elevation::breakGlass).orElse(false);
        }
    }

    /** How many approvers the decision over an operation asked for; 0 for none. */
    static int quorum(JsonNode decision) {
        JsonNode approvals = decision.path("result").path("obligations").path("approvals");
        return approvals.isMissingNode()
                ? 0
                : Math.max(1, approvals.path("quorum").asInt(1));
    }

    /** The approval that an outcome carries; empty if what it carries has not the shape of one. */
    static Optional<Approval> of(Entry entry, ObjectNode event, JsonNode detail, JsonNode decision) {
        String id = detail.path("approval").asText();
        String statement = detail.path("statement").asText();
        List<ApprovalSignature> signatures = new ArrayList<>();
        for (JsonNode one : detail.path("jws")) {
            if (!one.isTextual() || !ApprovalSignature.Jws.hasForm(one.asText())) {
                return Optional.empty();
            }
            signatures.add(new ApprovalSignature.Jws(one.asText()));
        }
        for (JsonNode one : detail.path("webauthn")) {
            signatures.add(new ApprovalSignature.WebAuthn(
                    one.path("approver").asText(),
                    one.path("authenticatorData").asText(),
                    one.path("clientDataJSON").asText(),
                    one.path("signature").asText()));
        }
        JsonNode input = decision.path("input");
        Optional<Elevation> elevation = Elevation.of(event, detail, input);
        JsonNode parameters = elevation
                .<JsonNode>map(Elevation::terms)
                .orElseGet(() -> input.path("request").path("parameters"));
        if (!ZipForm.isName(id)
                || id.indexOf('/') >= 0
                || signatures.isEmpty()
                || !isCanonical(statement)
                || !(parameters.isMissingNode() || CanonicalJson.hasForm(parameters))) {
            return Optional.empty();
        }
        return Optional.of(new Approval(
                id,
                entry.log(),
                entry.index(),
                statement,
                List.copyOf(signatures),
                new Use(
                        event.path("unmapped").path("keyproof").path("intent").asText(),
                        event.path("api").path("operation").asText(),
                        key(event.path("resources").path(0)),
                        event.path("time").asLong(),
                        Math.max(1, quorum(decision)),
                        decision.path("result")
                                .path("obligations")
                                .path("approvals")
                                .path("of")
                                .asText(),
                        decision.path("data").asText(),
                        input.path("approvals"),
                        parameters,
                        elevation)));
    }

    private static boolean isCanonical(String statement) {
        byte[] bytes = statement.getBytes(StandardCharsets.UTF_8);
        return CanonicalJson.object(bytes)
                .filter(CanonicalJson::hasForm)
                .filter(object -> Arrays.equals(CanonicalJson.bytes(object), bytes))
                .isPresent();
    }

    /** The key's id; nothing for what is done on no key, such as unlocking the kill switch. */
    private static String key(JsonNode resource) {
        return resource.path("type").asText("key").equals("key")
                ? resource.path("uid").asText()
                : "";
    }

    /** The file in {@code approvals/}: the signed approvals with the enrolled keys of their signers. */
    ObjectNode json(Enrolments enrolled) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("approval", id).put("log", log).put("index", index).put("statement", statement);
        ArrayNode jws = json.putArray("jws");
        ArrayNode webauthn = CanonicalJson.MAPPER.createArrayNode();
        ObjectNode keys = json.putObject("enrolled");
        for (ApprovalSignature one : signatures) {
            switch (one) {
                case ApprovalSignature.Jws signature -> jws.add(signature.compact());
                case ApprovalSignature.WebAuthn assertion ->
                    webauthn.addObject()
                            .put("approver", assertion.approver())
                            .put("authenticatorData", assertion.authenticatorData())
                            .put("clientDataJSON", assertion.clientDataJSON())
                            .put("signature", assertion.signature());
            }
            enrolled.of(one, statement).ifPresent(enrolment -> keys.set(one.approver(), enrolment.jwk()));
        }
        if (!webauthn.isEmpty()) {
            json.set("webauthn", webauthn);
        }
        return json;
    }

    /** Whether its decision asked for no less than the data set says of its operation. */
    boolean isAskedFor(PolicyBundle policy) {
        PolicyBundle.Quorum asked = policy.quorums().get(use.operation);
        return asked != null && use.quorum >= asked.approvers() && use.role.equals(asked.role());
    }

    /** Digest of the data by which policy decided on its use. */
    String data() {
        return use.data;
    }

    /**
     * Checks the statement against the operation, and every signature.
     *
     * @param persons who has several names, by each of these
     * @return approvers whose keys only the pack itself vouches for
     */
    Set<String> verify(Enrolments enrolled, TrustFile anchor, Map<String, String> persons) throws BrokenPackException {
        statedWhatWasDone(anchor);
        String file = PackContents.approvalFile(id);
        String requester = use.asked.path("requester").asText();
        require(
                !use.breaksGlass()
                        || (signatures.size() == 1
                                && signatures.getFirst().approver().equals(requester)),
                Reason.GLASS_NOT_ALONE,
                file,
                "a broken glass is signed for by its requester and by nobody else");
        Set<String> approvers = new TreeSet<>();
        Set<String> people = new HashSet<>();
        Set<PublicKey> keys = new HashSet<>();
        Set<String> unproven = new TreeSet<>();
        int counted = 0;
        for (ApprovalSignature one : signatures) {
            String approver = one.approver();
            require(
                    use.breaksGlass() || !person(approver, persons).equals(person(requester, persons)),
                    Reason.REQUESTER_APPROVED,
                    file,
                    "the requester " + requester + " approved the own request"
                            + (approver.equals(requester) ? "" : " as " + approver));
            require(
                    approvers.add(approver),
                    Reason.APPROVER_COUNTED_TWICE,
                    file,
                    "the approver " + approver + " stands twice");
            require(
                    people.add(person(approver, persons)),
                    Reason.PERSON_COUNTED_TWICE,
                    file,
                    "the approver " + approver + " is another's second name: one person does not count twice");
            Optional<Claims.Enrolment> enrolment = enrolled.of(one, statement);
            JsonNode jwk = enrolment.<JsonNode>map(Claims.Enrolment::jwk).orElse(null);
            JsonNode known = anchor.approvers().get(approver);
            // The trust file names the first key; one that a quorum gave the approver later is proven by the pack
            // alone.
            boolean later = enrolment.map(Claims.Enrolment::approved).orElse(false);
            JsonNode signer = known == null || later ? jwk : known;
            if (signer == null) {
                throw BrokenPackException.of(
                        Reason.APPROVER_NOT_ENROLLED,
                        file,
                        "the approver " + approver + " is not enrolled in the pack");
            }
            if (known == null || later) {
                unproven.add(approver);
            } else {
                require(
                        jwk == null
                                || (key(jwk, file).equals(key(known, file))
                                        && jwk.path("webauthn").equals(known.path("webauthn"))),
                        Reason.APPROVER_KEY_OTHER,
                        file,
                        "the trust file names another key of the approver " + approver);
            }
            require(
                    keys.add(key(signer, file)),
                    Reason.APPROVER_KEY_SHARED,
                    file,
                    "the approver " + approver + " has the key of another: one person does not count twice");
            one.check(statement, signer, file);
            if (hasRole(approver, enrolment.flatMap(Claims.Enrolment::roles))) {
                counted++;
            }
        }
        require(
                counted >= use.quorum,
                Reason.TOO_FEW_APPROVERS,
                file,
                "has " + counted + " approvers where policy asks for " + use.quorum
                        + (use.role.isEmpty() ? "" : " of role " + use.role));
        return unproven;
    }

    private static String person(String name, Map<String, String> persons) {
        return persons.getOrDefault(name, name);
    }

    /** Whether policy was told, and the enrolment says, that an approver has the role that was asked for. */
    private boolean hasRole(String approver, Optional<List<String>> enrolled) {
        if (use.role.isEmpty()) {
            return true;
        }
        boolean told = false;
        for (JsonNode one : use.asked.path("approvers")) {
            for (JsonNode role : one.path("roles")) {
                told |= one.path("id").asText().equals(approver)
                        && role.asText().equals(use.role);
            }
        }
        return told && enrolled.map(roles -> roles.contains(use.role)).orElse(true);
    }

    /** What approvers signed is what policy decided on and what was done. */
    private void statedWhatWasDone(TrustFile anchor) throws BrokenPackException {
        String file = PackContents.approvalFile(id);
        ObjectNode stated = CanonicalJson.parse(statement.getBytes(StandardCharsets.UTF_8), file, "statement");
        Set<String> says = CanonicalJson.names(stated);
        require(
                says.equals(STATED) || (says.equals(STATED_EARLY) && use.elevation.isEmpty()),
                Reason.STATEMENT_FORM,
                file,
                "the statement says more or less than an approval's does");
        require(
                stated.path("id").asText().equals(id),
                Reason.STATEMENT_REQUEST,
                file,
                "the statement is for another approval request");
        require(
                stated.path("operation").asText().equals(use.operation),
                Reason.STATEMENT_OPERATION,
                file,
                "the statement is for another operation");
        require(
                stated.path("key").asText().equals(use.key),
                Reason.STATEMENT_KEY,
                file,
                "the statement is for another key");
        String audience = stated.path("aud").asText();
        require(!audience.isEmpty(), Reason.STATEMENT_AUDIENCE, file, "the statement is for nobody");
        require(
                anchor.audiences().isEmpty() || anchor.audiences().contains(audience),
                Reason.STATEMENT_AUDIENCE,
                file,
                "the statement is for " + audience + ", whom the trust file does not name");
        require(
                coversParameters()
                        || (use.elevation.isEmpty()
                                && stated.path("parameters").asText().equals(digest(MissingNode.getInstance()))),
                Reason.STATEMENT_PARAMETERS,
                file,
                "the statement is for other parameters");
        require(
                stated.path("exp").canConvertToLong(),
                Reason.STATEMENT_FORM,
                file,
                "the statement does not say when it expires");
        require(
                stated.path("exp").asLong() >= Math.floorDiv(use.time, MS),
                Reason.APPROVAL_EXPIRED,
                file,
                "the operation was done after the approval had expired");
        require(
                use.asked.path("request").asText().equals(id)
                        && use.asked.path("required-for").asText().equals(use.operation)
                        && use.asked.path("key").asText().equals(use.key)
                        && use.asked
                                .path("change")
                                .asText()
                                .equals(stated.path("change").asText())
                        && use.asked.path("expires").asLong()
                                == stated.path("exp").asLong()
                        && !use.asked.path("requester").asText().isEmpty()
                        && (says.equals(STATED_EARLY)
                                || use.asked.path("requester").equals(stated.path("requester"))),
                Reason.DECISION_APPROVAL,
                file,
                "policy decided on another approval than the one that was signed");
        require(
                use.elevation
                        .filter(begun -> !begun.isWhatPolicyDecidedOn(
                                stated.path("requester").asText()))
                        .isEmpty(),
                Reason.DECISION_ELEVATION,
                file,
                "policy decided on another elevation than the one that was signed for");
        require(
                use.elevation.filter(begun -> !begun.endsInTime(use.time)).isEmpty(),
                Reason.ELEVATION_TOO_LONG,
                file,
                "the elevation ends later than the minutes that were signed");
    }

    /** Whether the statement is made out to the operation's parameters, and not to none where there were some. */
    boolean coversParameters() {
        return CanonicalJson.object(statement.getBytes(StandardCharsets.UTF_8))
                .filter(stated -> stated.path("parameters").asText().equals(digest(use.parameters)))
                .isPresent();
    }

    /** Whether it gave this order to destroy this key. */
    boolean isOf(String order, String key) {
        return use.operation.equals("ScheduleDestruction") && use.key.equals(key) && use.intent.equals(order);
    }

    private static String digest(JsonNode parameters) {
        return "sha256:"
                + Digests.hex(CanonicalJson.bytes(
                        parameters.isMissingNode() ? CanonicalJson.MAPPER.createObjectNode() : parameters));
    }

    private static PublicKey key(JsonNode jwk, String file) throws BrokenPackException {
        try {
            return Jwk.publicKey(jwk);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BrokenPackException.of(
                    Reason.APPROVER_KEY_FORM, file, "the key of an approver is none on P-256 or Ed25519");
        }
    }

    private static void require(boolean condition, Reason reason, String file, String otherwise)
            throws BrokenPackException {
        if (!condition) {
            throw BrokenPackException.of(reason, file, otherwise);
        }
    }
}
