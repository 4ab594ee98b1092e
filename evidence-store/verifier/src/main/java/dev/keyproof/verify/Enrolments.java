package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whose keys are on the record. Of those that the broker enrolled by itself the first counts for each approver: a later record cannot
 * give an approver another key. One that a quorum approved counts beside it; that approval is checked as every other.
 */
final class Enrolments {
    private final Map<String, TreeMap<Long, Claims.Enrolment>> byApprover = new TreeMap<>();

    void add(long ordinal, Claims.Enrolment enrolment) {
        TreeMap<Long, Claims.Enrolment> known =
                byApprover.computeIfAbsent(enrolment.approver(), approver -> new TreeMap<>());
        if (!enrolment.approved()) {
            for (Map.Entry<Long, Claims.Enrolment> other : List.copyOf(known.entrySet())) {
                if (!other.getValue().approved()) {
                    if (other.getKey() < ordinal) {
                        return;
                    }
                    known.remove(other.getKey());
                }
            }
        }
        known.put(ordinal, enrolment);
    }

    /** The enrolment by whose key a signature holds; else the approver's first, if there is any. */
    Optional<Claims.Enrolment> of(ApprovalSignature signature, String statement) {
        TreeMap<Long, Claims.Enrolment> known = byApprover.get(signature.approver());
        if (known == null) {
            return Optional.empty();
        }
        List<Claims.Enrolment> latestFirst =
                new ArrayList<>(known.descendingMap().values());
        return latestFirst.stream()
                .filter(enrolment -> holds(signature, statement, enrolment.jwk()))
                .findFirst()
                .or(() -> Optional.of(latestFirst.getLast()));
    }

    private static boolean holds(ApprovalSignature signature, String statement, ObjectNode jwk) {
        try {
            signature.check(statement, jwk, "");
            return true;
        } catch (BrokenPackException e) {
            return false;
        }
    }
}
