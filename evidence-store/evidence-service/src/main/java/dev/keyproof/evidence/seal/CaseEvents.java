package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Actor;
import dev.keyproof.event.Extension;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.CaseStep;
import java.util.UUID;

/** What the log says of auditors' cases. Thread-safe. */
public final class CaseEvents {
    private final LogEvents events;

    public CaseEvents(LogEvents events) {
        this.events = events;
    }

    /** A step that somebody takes. */
    public byte[] step(String origin, CaseStep step, User by) throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.set("case", step.json());
        return events.event(
                CaseStep.UID_PREFIX + UUID.randomUUID(),
                CaseStep.OPERATION,
                origin,
                Actor.user(by),
                Status.SUCCESS,
                new Extension(Extension.Kind.SERVICE, null, null, null, null, null, null, detail));
    }
}
