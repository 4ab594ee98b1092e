package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role or a hat that somebody asked for, and what became of it.
 *
 * @param approval id of the request that is signed for it
 * @param grant when and by which intent it began, once it has
 * @param ended when it was ended before its time
 * @param reviewDue until when a broken glass must be reviewed
 */
public record Elevation(
        String id,
        String holder,
        Terms terms,
        String change,
        String approval,
        Instant requested,
        @Nullable Grant grant,
        @Nullable Instant ended,
        @Nullable Instant reviewDue,
        @Nullable Review review) {

    /** How an elevation stands: until is the first moment in which it does so no more. */
    public record Grant(Instant began, Instant until, String intent) {}

    /** What another person said of a broken glass. */
    public record Review(String reviewer, String verdict, String text, Instant at) {}

    /** Whether it counts at that moment. */
    public boolean stands(Instant now) {
        return grant != null && ended == null && now.isBefore(grant.until());
    }

    /** Whether the two are one grant of one thing, whatever was said of it since. */
    boolean isSameGrant(Elevation other) {
        return id.equals(other.id)
                && holder.equals(other.holder)
                && terms.equals(other.terms)
                && change.equals(other.change)
                && approval.equals(other.approval)
                && grant != null
                && grant.equals(other.grant);
    }

    /** What policy reads of it in a call about a key that it covers. */
    ObjectNode forPolicy(Grant granted, Instant now) {
        ObjectNode read = JsonNodeFactory.instance.objectNode().put("id", id);
        if (terms.role() != null) {
            read.put("role", terms.role());
        }
        if (terms.hat() != null) {
            read.put("hat", terms.hat());
        }
        return read.put("until", granted.until().getEpochSecond())
                .put("now", now.getEpochSecond())
                .put("breakGlass", terms.breakGlass());
    }

    /** What policy reads of it in a call about the elevation itself. */
    public ObjectNode subject(List<String> approvers, Instant now) {
        ObjectNode read = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("holder", holder)
                .put("breakGlass", terms.breakGlass())
                .put("ended", grant != null && !stands(now));
        approvers.forEach(read.putArray("approvers")::add);
        return read;
    }
}
