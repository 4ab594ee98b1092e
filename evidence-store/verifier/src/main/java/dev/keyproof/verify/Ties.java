package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an entry needs of earlier ones, and what later ones may need it for.
 *
 * @param approvers whose enrolled keys its approvals need
 * @param follows the approval of the order that it carries out
 * @param enrols an approver
 * @param orders by which approval it orders what is done later
 */
public record Ties(Set<String> approvers, Optional<String> follows, Optional<String> enrols, Optional<String> orders) {
    /** Whatever holds none of these is tied to nothing, and need not be parsed. */
    private static final List<byte[]> MARKS =
            List.of("\"approval\"".getBytes(StandardCharsets.US_ASCII), "\"jwk\"".getBytes(StandardCharsets.US_ASCII));

    private static final String ORDER = "ScheduleDestruction";

    /** The ties of an entry; empty if it has none. */
    public static Optional<Ties> of(Entry entry) {
        if (MARKS.stream().noneMatch(mark -> Marks.holds(entry.bytes(), mark))) {
            return Optional.empty();
        }
        return entry.json().map(json -> of(entry, json)).filter(ties -> !ties.isNone());
    }

    private static Ties of(Entry entry, ObjectNode json) {
        Claims.Claim claim = new Reading().read(0, entry, json, "").claim();
        Set<String> approvers = new TreeSet<>();
        Approval approval = claim.approval();
        if (approval != null) {
            approval.signatures().forEach(signature -> approvers.add(signature.approver()));
        }
        return new Ties(
                approvers,
                Optional.ofNullable(claim.act()).map(OrderedAct::approval),
                Optional.ofNullable(claim.enrolment()).map(Claims.Enrolment::approver),
                Optional.ofNullable(approval).filter(one -> isOrder(json)).map(Approval::id));
    }

    private boolean isNone() {
        return approvers.isEmpty() && follows.isEmpty() && enrols.isEmpty() && orders.isEmpty();
    }

    /** Whether an entry orders what is done later. */
    static boolean isOrder(JsonNode json) {
        return json.at("/unmapped/keyproof/kind").asText().equals("operation")
                && json.at("/api/operation").asText().equals(ORDER)
                && json.at("/unmapped/keyproof/detail").has("approval");
    }
}
