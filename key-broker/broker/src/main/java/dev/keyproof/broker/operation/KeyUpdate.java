package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.key.Description;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.Scope;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to be said of a key from now on; what is absent stays as it is. */
public record KeyUpdate(
        @Nullable String name,
        @Nullable String owner,
        @Nullable Map<String, String> tags,
        @Nullable String sensitivity,
        @Nullable String residency,
        @Nullable Scope scope,
        @Nullable Integer rotationPeriodDays,
        @Nullable String approval) {

    /** What policy reads of it. */
    ObjectNode parameters() throws ProblemException {
        ObjectNode read = HeldKey.node();
        Integer days = Fields.rotation(rotationPeriodDays);
        if (days != null) {
            read.put("rotationPeriodDays", days);
        }
        if (tags != null) {
            // Rules hold by tags, so who changes them changes what holds.
            read.put("tags", true);
        }
        return read;
    }

    Key applied(Key key) throws ProblemException {
        Description old = key.description();
        return key.described(
                new Description(
                        name == null ? old.name() : Fields.text(name, "name"),
                        owner == null ? old.owner() : Fields.text(owner, "owner"),
                        tags == null ? old.tags() : Fields.tags(tags),
                        sensitivity == null ? old.sensitivity() : Fields.classed(sensitivity, "sensitivity"),
                        residency == null ? old.residency() : Fields.classed(residency, "residency"),
                        scope == null ? old.scope() : Fields.scope(scope)),
                rotationPeriodDays == null ? key.terms().rotationPeriodDays() : Fields.rotation(rotationPeriodDays));
    }
}
