package dev.keyproof.broker;

import dev.keyproof.broker.approval.ApprovalStore;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.broker.approval.Passkeys;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.duty.DueRotations;
import dev.keyproof.broker.duty.Expiries;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.ApprovalCalls;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.operation.Enrolment;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.operation.Settlement;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what approvals are made of. */
@Configuration(proxyBeanMethods = false)
class ApprovalConfiguration {
    @Bean
    Approvals approvals(
            BrokerProperties.Checked settings,
            ApprovalStore store,
            Recorder recorder,
            Settlement settled,
            Clock clock) {
        Approvers approvers = new Enrolment(store, recorder, clock).enrolled(Approvers.read(settings.approvers()));
        return new Approvals(store, approvers, settings.audience(), passkeys(settings), clock);
    }

    private static @Nullable Passkeys passkeys(BrokerProperties.Checked settings) {
        String rpId = settings.passkeys().rpId();
        String origin = settings.passkeys().origin();
        return rpId == null || origin == null ? null : new Passkeys(rpId, origin);
    }

    @Bean
    ApprovalCalls approvalCalls(Calls calls, Approvals approvals) {
        return new ApprovalCalls(calls, approvals);
    }

    @Bean
    Expiries expiries(Approvals approvals, Recorder recorder) {
        return new Expiries(approvals, recorder);
    }

    @Bean
    DueRotations dueRotations(
            Calls calls, LeasedKeys keys, Rotations rotations, Approvals approvals, ApprovalCalls approvalCalls) {
        return new DueRotations(calls, keys, rotations, approvals, approvalCalls);
    }
}
