package dev.keyproof.broker.operation;

import dev.keyproof.broker.approval.ApprovalStore;
import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first approvers are enrolled on the record at the first start. Who is added to the file later is not trusted: that
 * enrolment needs a quorum.
 */
public final class Enrolment {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);

    private final ApprovalStore store;
    private final Recorder recorder;
    private final Clock clock;

    public Enrolment(ApprovalStore store, Recorder recorder, Clock clock) {
        this.store = store;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Enrols if nobody is, and returns those configured approvers who are enrolled with the same key. */
    public Approvers enrolled(Approvers configured) {
        Map<String, String> known = store.enrolled();
        if (known.isEmpty()) {
            List<Approver> first = List.copyOf(configured.all());
            store.enrol(first, first.stream().map(this::record).toList(), clock.instant());
            return configured;
        }
        Set<String> trusted = new HashSet<>();
        for (Approver approver : configured.all()) {
            if (approver.thumbprint().equals(known.get(approver.id()))) {
                trusted.add(approver.id());
            } else {
                LOG.warn("event=approver-not-enrolled approver={} thumbprint={}", approver.id(), approver.thumbprint());
            }
        }
        return configured.only(trusted);
    }

    private String record(Approver approver) {
        Draft draft = Draft.service("EnrolApprover").message("A first approver's key was enrolled.");
        draft.detail().put("approver", approver.id()).put("thumbprint", approver.thumbprint());
        approver.roles().forEach(draft.detail().putArray("roles")::add);
        try {
            draft.detail().set("jwk", approver.jwk());
            return recorder.append(draft).position().toString();
        } catch (ProblemException e) {
            throw new ConfigurationFault("approver " + approver.id() + " cannot be enrolled on the record", e);
        }
    }
}
