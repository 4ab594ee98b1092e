package dev.keyproof.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.ApprovalStore;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.ApproverBook;
import dev.keyproof.broker.approval.Approvers;
import dev.keyproof.broker.approval.Enrolled;
import dev.keyproof.broker.approval.Outbox;
import dev.keyproof.broker.approval.Passkeys;
import dev.keyproof.broker.approval.Registrations;
import dev.keyproof.broker.approval.SignatureCheck;
import dev.keyproof.broker.backup.BackupStore;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.duty.DueRotations;
import dev.keyproof.broker.duty.Expiries;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.ApprovalCalls;
import dev.keyproof.broker.operation.ApproverRecords;
import dev.keyproof.broker.operation.Backups;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.operation.Changes;
import dev.keyproof.broker.operation.Ciphers;
import dev.keyproof.broker.operation.Enrolment;
import dev.keyproof.broker.operation.Enrolments;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.operation.Unwraps;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.EventCodec;
import dev.keyproof.log.journal.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what approvals are made of. */
@Configuration(proxyBeanMethods = false)
class ApprovalConfiguration {
    /** What the broker asks of policy before it believes a peer's entry. */
    private static final String HOLD_APPROVER = "HoldApprover";

    @Bean
    Persons persons(PolicyInForce policy) {
        return new Persons(() -> policy.parameters().path("persons"));
    }

    @Bean
    SignatureCheck signatureCheck(BrokerProperties.Checked settings) {
        return new SignatureCheck(passkeys(settings));
    }

    /** With it, the first approvers are enrolled. */
    @Bean
    Enrolled enrolled(
            BrokerProperties.Checked settings,
            ApproverBook book,
            SignatureCheck check,
            Persons persons,
            Journal journal,
            EventCodec codec,
            Recorder recorder,
            Decisions decisions,
            Settlement settled) {
        Approvers configured = Approvers.read(settings.approvers());
        Enrolment enrolment = new Enrolment(book, recorder);
        enrolment.begin(configured);
        Enrolled enrolled = new Enrolled(
                book,
                new ApproverRecords(journal, codec, recorder, settings.peers()),
                configured,
                check,
                persons,
                settings.audience(),
                said -> isEnough(decisions, said));
        try {
            enrolment.compare(configured, enrolled.now().approvers());
        } catch (ProblemException e) {
            throw new ConfigurationFault("the book of approvers cannot be read: " + e.detail(), e);
        }
        return enrolled;
    }

    /** What policy says of the quorum by which another broker enrolled or revoked somebody. */
    private static boolean isEnough(Decisions decisions, ObjectNode said) {
        said.put("required-for", HOLD_APPROVER).put("key", "");
        return decisions
                .decide(Call.own(Clock.systemUTC()), HOLD_APPROVER, null, Ask.PLAIN.with(said), false, null, null)
                .decision()
                .allow();
    }

    @Bean
    Approvals approvals(
            BrokerProperties.Checked settings,
            ApprovalStore store,
            Enrolled enrolled,
            SignatureCheck check,
            Persons persons,
            Outbox outbox,
            Clock clock) {
        return new Approvals(store, enrolled, check, persons, outbox, settings.audience(), clock);
    }

    private static @Nullable Passkeys passkeys(BrokerProperties.Checked settings) {
        String rpId = settings.passkeys().rpId();
        String origin = settings.passkeys().origin();
        return rpId == null || origin == null ? null : new Passkeys(rpId, origin);
    }

    @Bean
    ApprovalCalls approvalCalls(Calls calls, Changes changes, KeyStore store, Approvals approvals) {
        return new ApprovalCalls(calls, changes, store, approvals);
    }

    @Bean
    Unwraps unwraps(
            Calls calls,
            Changes changes,
            Approvals approvals,
            Ciphers ciphers,
            KeyStore store,
            LeasedKeys keys,
            Uses uses) {
        return new Unwraps(calls, changes, approvals, ciphers, store, keys, uses);
    }

    @Bean
    Backups backups(Calls calls, Changes changes, Approvals approvals, KeyStore store, BackupStore keys, Clock clock) {
        return new Backups(calls, changes, approvals, store, keys, clock);
    }

    @Bean
    Enrolments enrolments(
            BrokerProperties.Checked settings,
            Calls calls,
            Changes changes,
            ApprovalCalls requests,
            Approvals approvals,
            KeyStore store,
            ApproverBook book) {
        Registrations registrations = new Registrations(
                settings.audience(),
                passkeys(settings),
                roots(settings.passkeys().attestationRoots()));
        return new Enrolments(calls, changes, requests, approvals, registrations, store, book);
    }

    private static List<X509Certificate> roots(@Nullable Path file) {
        if (file == null) {
            return List.of();
        }
        try (InputStream pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigurationFault("keyproof.passkeys.attestation-roots: " + file + " cannot be read", e);
        }
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
