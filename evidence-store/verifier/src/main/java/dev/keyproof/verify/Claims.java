package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What records of Keyproof's own parts say, until a signed head of their source covers them: only then does it count. The service that
 * seals refuses two records at one place; should there be two all the same, the first has the place. Used by one thread.
 */
final class Claims {
    /** As many as the service that seals remembers; a source that ran on for longer without a head is never attested again. */
    private static final int MOST = 200_000;

    /** Places of sources, by source and epoch. */
    private final Map<Source, TreeMap<Long, Claim>> waiting = new TreeMap<>();

    private long dropped;

    private record Source(String name, String epoch) implements Comparable<Source> {
        @Override
        public int compareTo(Source other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : epoch.compareTo(other.epoch);
        }
    }

    /**
     * What one record says that could carry authority.
     *
     * @param ordinal its place among the entries of the pack
     * @param decision what it cites
     * @param enrolment an approver's key
     * @param key a key's state
     * @param approval an approval that it used
     * @param act what it did of an earlier order
     * @param hold what it did about legal holds
     * @param supporting whether it is only there because others need it
     */
    record Claim(
            long ordinal,
            @Nullable Decision decision,
            @Nullable Enrolment enrolment,
            @Nullable KeyState key,
            @Nullable Approval approval,
            @Nullable OrderedAct act,
            @Nullable HoldAct hold,
            boolean supporting) {
        /** The same of a record that others need: it proves them, and is itself no part of what the pack is about. */
        Claim ofSupport() {
            return new Claim(ordinal, decision, enrolment, null, approval, null, null, true);
        }
    }

    /** Digests of policy and data; the fault that it would be not to have them. */
    record Decision(String policy, String data, Fault missing) {}

    /**
     * Whose key it is.
     *
     * @param roles that policy knows the approver as; empty where the record does not say
     * @param approved whether others approved it
     */
    record Enrolment(String approver, ObjectNode jwk, Optional<List<String>> roles, boolean approved) {}

    /** A key's state as the device told it, and where. */
    record KeyState(String id, String log, long index, ObjectNode state) {}

    /** What counts at once of what an entry says, which is all if the log itself says it; what has a place waits for its head. */
    List<Claim> said(JsonNode json, Claim claim) {
        if (PackContents.isOfTheLogItself(json)) {
            return List.of(claim);
        }
        JsonNode metadata = json.path("metadata");
        JsonNode extension = json.path("unmapped").path("keyproof");
        if (metadata.path("sequence").canConvertToLong()
                && metadata.path("source").isTextual()
                && extension.path("epoch").isTextual()
                && !extension.path("kind").asText().equals("observed")) {
            wait(
                    metadata.path("source").asText(),
                    extension.path("epoch").asText(),
                    metadata.path("sequence").asLong(),
                    claim);
        }
        return List.of();
    }

    /** A record with a place in the order of its source. */
    private void wait(String source, String epoch, long sequence, Claim claim) {
        TreeMap<Long, Claim> places = waiting.computeIfAbsent(new Source(source, epoch), key -> new TreeMap<>());
        if (places.size() >= MOST || places.putIfAbsent(sequence, claim) != null) {
            dropped++;
        }
    }

    /** A head of the source covers the places {@code from} to {@code to}, exclusive; returns what they say, in order. */
    List<Claim> attested(String source, String epoch, long from, long to) {
        TreeMap<Long, Claim> places = waiting.get(new Source(source, epoch));
        if (places == null || to <= from) {
            return List.of();
        }
        Map<Long, Claim> covered = places.subMap(from, to);
        List<Claim> claims = new ArrayList<>(covered.values());
        covered.clear();
        return claims;
    }

    /** How many were never covered. */
    long unattested() {
        return dropped + waiting.values().stream().mapToLong(Map::size).sum();
    }
}
