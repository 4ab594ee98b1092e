package dev.keyproof.broker.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.backup.BackedUp;
import dev.keyproof.broker.backup.BackupStore;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Resource;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** All wrapped keys, handed out as a quorum approved it; the record says by its digest what was. */
public final class Backups {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Calls calls;
    private final Changes changes;
    private final Approvals approvals;
    private final KeyStore store;
    private final BackupStore keys;
    private final Clock clock;

    public Backups(Calls calls, Changes changes, Approvals approvals, KeyStore store, BackupStore keys, Clock clock) {
        this.calls = calls;
        this.changes = changes;
        this.approvals = approvals;
        this.store = store;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Exports the backup.
     *
     * @param approval id of the one that policy asks for
     * @return a {@link BackedUp} in JSON
     */
    public Answer<byte[]> export(Call call, @Nullable String approval) throws ProblemException {
        Action action = Action.EXPORT_BACKUP;
        Shown shown = new Shown(approvals, approval);
        return calls.perform(
                call,
                action,
                null,
                200,
                none -> shown.with(Ask.PLAIN, action, HeldKey.node()),
                outcome -> export(call, action, shown.required(), outcome));
    }

    private byte[] export(Call call, Action action, Evidence evidence, Outcome outcome) throws ProblemException {
        Resource about = new Resource("backup", null, "backup", null, null, null, null);
        ObjectNode detail = outcome.draft().on(about).detail();
        detail.setAll(evidence.forRecord());
        Intent intent = changes.intend(call, action, outcome, about, detail.deepCopy());
        BackedUp backup = keys.read(clock.instant());
        byte[] json = json(backup);
        store.effect(intent, using -> approvals.use(evidence, using));
        detail.put("digest", Digest.named(json))
                .put("versions", backup.versions().size())
                .put("resident", backup.resident().size());
        return json;
    }

    private static byte[] json(BackedUp backup) throws ProblemException {
        try {
            return JSON.writeValueAsBytes(backup);
        } catch (JsonProcessingException e) {
            throw new ProblemException(Problem.INTERNAL, "the backup cannot be written", e);
        }
    }
}
