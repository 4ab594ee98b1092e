package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an entry says of keys, approvers, approvals and policies. Never fails: what it cannot understand it names. */
final class Reading {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** The state that a key had last: most records repeat it. */
    private final Map<String, ObjectNode> states = new HashMap<>();

    /** What an entry says, and what in it was not understood, a sentence each. */
    record Said(Claims.Claim claim, List<String> notUnderstood) {}

    Said read(long ordinal, Entry entry, ObjectNode json, String file) {
        List<String> faults = new ArrayList<>();
        JsonNode extension = json.path("unmapped").path("keyproof");
        boolean operation = extension.path("kind").asText().equals("operation");
        boolean done = operation && json.path("status_id").asInt(1) == 1;
        OrderedAct act = done ? act(entry, json, extension.path("detail")) : null;
        Approval approval = done && act == null ? approval(entry, json, extension, faults) : null;
        Claims.Claim claim = new Claims.Claim(
                ordinal,
                decision(
                        extension.path("decision"),
                        Fault.at(
                                Reason.POLICY_MISSING,
                                file,
                                "entry " + entry.index(),
                                "cites a policy or data set that the pack does not hold"),
                        faults),
                enrolment(json, approval, faults),
                operation ? state(entry, json, faults) : null,
                approval,
                act,
                hold(entry, json, done, approval),
                false);
        return new Said(claim, faults);
    }

    private static @Nullable HoldAct hold(Entry entry, ObjectNode json, boolean done, @Nullable Approval approval) {
        HoldAct carried = HoldAct.carried(json);
        return carried == null && done ? HoldAct.of(entry, json, approval) : carried;
    }

    private static Claims.@Nullable Decision decision(JsonNode decision, Fault missing, List<String> faults) {
        if (decision.isMissingNode() || decision.isNull()) {
            return null;
        }
        String policy = decision.path("policy").asText();
        String data = decision.path("data").asText();
        if (!isDigest(policy) || !isDigest(data)) {
            faults.add("its decision names no policy and data set by their digests");
            return null;
        }
        return new Claims.Decision(policy, data, missing);
    }

    private static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    static JsonNode enrolment(JsonNode json) {
        if (json.path("keyproof").asText().equals("enrolment/v1")) {
            return json;
        }
        JsonNode extension = json.path("unmapped").path("keyproof");
        return extension.path("kind").asText().equals("service") || isApprovedEnrolment(json)
                ? extension.path("detail")
                : MissingNode.getInstance();
    }

    private static boolean isApprovedEnrolment(JsonNode json) {
        return json.path("unmapped").path("keyproof").path("kind").asText().equals("operation")
                && json.path("api").path("operation").asText().equals("EnrolApprover")
                && json.path("status_id").asInt(1) == 1;
    }

    private static Claims.@Nullable Enrolment enrolment(
            JsonNode json, @Nullable Approval approval, List<String> faults) {
        JsonNode enrolment = enrolment(json);
        JsonNode key = enrolment.path("jwk");
        if (key.isMissingNode()) {
            return null;
        }
        boolean approved = isApprovedEnrolment(json);
        if (approved && (approval == null || !isWhatWasApproved(json, enrolment))) {
            faults.add("it enrols an approver, and what was approved is not that");
            return null;
        }
        String approver = enrolment.path("approver").asText();
        if (key instanceof ObjectNode jwk && !approver.isEmpty() && isKey(jwk) && CanonicalJson.hasForm(jwk)) {
            return new Claims.Enrolment(approver, jwk, roles(enrolment), approved);
        }
        faults.add("it enrols an approver without a name or a key on P-256 or Ed25519");
        return null;
    }

    /** Approvers sign the digest of all that is enrolled. */
    private static boolean isWhatWasApproved(JsonNode json, JsonNode enrolment) {
        ObjectNode document = CanonicalJson.MAPPER.createObjectNode();
        for (String member : List.of("approver", "thumbprint", "roles", "aaguid", "jwk")) {
            if (enrolment.has(member)) {
                document.set(member, enrolment.get(member));
            }
        }
        JsonNode parameters = json.path("unmapped")
                .path("keyproof")
                .path("decision")
                .path("input")
                .path("request")
                .path("parameters");
        return CanonicalJson.hasForm(document)
                && parameters.path("enrolment").asText().equals("sha256:" + Digests.hex(CanonicalJson.bytes(document)));
    }

    private static Optional<List<String>> roles(JsonNode enrolment) {
        if (!enrolment.path("roles").isArray()) {
            return Optional.empty();
        }
        List<String> roles = new ArrayList<>();
        enrolment.path("roles").forEach(role -> roles.add(role.asText()));
        return Optional.of(List.copyOf(roles));
    }

    private static boolean isKey(ObjectNode jwk) {
        try {
            return Jwk.publicKey(jwk).getEncoded() != null;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private Claims.@Nullable KeyState state(Entry entry, ObjectNode json, List<String> faults) {
        JsonNode resource = json.path("resources").path(0);
        if (!(resource.path("data") instanceof ObjectNode state)
                || !state.path("attributes").isObject()) {
            return null;
        }
        String id = state.path("id").asText();
        ObjectNode last = states.get(id);
        if (last == null || !last.equals(state)) {
            boolean named = ZipForm.isName("keys/" + id + ".json") && id.indexOf('/') < 0;
            if (!named || !id.equals(resource.path("uid").asText()) || !CanonicalJson.hasForm(state)) {
                faults.add("it states a key's attributes, and not in a form that can be kept");
                return null;
            }
            states.put(id, state);
            last = state;
        }
        return new Claims.KeyState(id, entry.log(), entry.index(), last);
    }

    private static @Nullable OrderedAct act(Entry entry, ObjectNode json, JsonNode detail) {
        String approval = detail.path("approval").asText();
        String order = detail.path("order").asText();
        return detail.has("jws")
                        || order.isEmpty()
                        || approval.isEmpty()
                        || !json.path("api").path("operation").asText().equals("DestroyKey")
                ? null
                : new OrderedAct(
                        approval,
                        order,
                        json.path("resources").path(0).path("uid").asText(),
                        entry.log(),
                        entry.index());
    }

    private static @Nullable Approval approval(Entry entry, ObjectNode json, JsonNode extension, List<String> faults) {
        JsonNode detail = extension.path("detail");
        int quorum = Approval.quorum(extension.path("decision"));
        boolean elevates =
                Elevation.isBegunBy(json.path("api").path("operation").asText());
        if (!detail.has("jws") && quorum == 0 && !elevates) {
            return null;
        }
        Optional<Approval> approval = Approval.of(entry, json, detail, extension.path("decision"));
        if (approval.isEmpty() || !CanonicalJson.hasForm(approval.get().json(new Enrolments()))) {
            faults.add(
                    quorum == 0
                            ? "it carries approvals in no form of theirs"
                            : "policy asked for the approval of " + quorum
                                    + ", and it carries none that could be read");
            return null;
        }
        return approval.get();
    }
}
