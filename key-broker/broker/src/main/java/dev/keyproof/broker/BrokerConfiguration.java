package dev.keyproof.broker;

import dev.keyproof.broker.approval.ApprovalStore;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Enrolled;
import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.datakey.DataKeyStore;
import dev.keyproof.broker.device.DeviceWatch;
import dev.keyproof.broker.device.FirstStart;
import dev.keyproof.broker.device.TokenEvents;
import dev.keyproof.broker.duty.DueRotations;
import dev.keyproof.broker.duty.Duties;
import dev.keyproof.broker.duty.DutyStore;
import dev.keyproof.broker.duty.Expiries;
import dev.keyproof.broker.duty.Moves;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.journal.Strangers;
import dev.keyproof.broker.journal.Throttled;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.metrics.Meters;
import dev.keyproof.broker.notice.Escalations;
import dev.keyproof.broker.operation.Births;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.operation.Changes;
import dev.keyproof.broker.operation.Ciphers;
import dev.keyproof.broker.operation.Crypto;
import dev.keyproof.broker.operation.DataKeys;
import dev.keyproof.broker.operation.Destructions;
import dev.keyproof.broker.operation.KeyLife;
import dev.keyproof.broker.operation.KeyLocks;
import dev.keyproof.broker.operation.KillSwitches;
import dev.keyproof.broker.operation.LegalHolds;
import dev.keyproof.broker.operation.Permits;
import dev.keyproof.broker.operation.Reads;
import dev.keyproof.broker.operation.Recovery;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.operation.RuleExceptions;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.operation.StateWitness;
import dev.keyproof.broker.operation.Unwraps;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.policy.PolicySource;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.broker.provider.pkcs11.JournalKey;
import dev.keyproof.broker.repeat.FirstAnswers;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.broker.use.UseStore;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.EventCodec;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.journal.JournalOptions;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the broker together, in the order in which its parts can fail to start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BrokerProperties.class)
class BrokerConfiguration {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    BrokerProperties.Checked settings(BrokerProperties properties) {
        return properties.checked();
    }

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }

    @Bean
    PolicyInForce policy(BrokerProperties.Checked settings) {
        BrokerProperties.PolicySettings policy = settings.policy();
        try {
            return PolicyInForce.of(new PolicySource(
                    policy.bundle(),
                    BundleTrust.of(policy.key(), policy.algorithm(), policy.unsigned()),
                    parameters -> Persons.check(parameters.path("persons"))));
        } catch (PolicyException e) {
            throw new ConfigurationFault("keyproof.policy: " + e.getMessage(), e);
        }
    }

    /** It ends before the beats, which record that the broker stops. */
    @Bean(initMethod = "start")
    PolicyWatch policyWatch(PolicyInForce policy, Recorder recorder, Beats started) {
        return new PolicyWatch(policy, recorder);
    }

    @Bean
    Journal journal(BrokerProperties.Checked settings, EventCodec codec, Clock clock) {
        int ahead = settings.preallocateKib() * 1024;
        try {
            Files.createDirectories(settings.journalFolder());
            return Journal.open(
                    settings.journalFolder(),
                    settings.source(),
                    JournalOptions.DEFAULTS
                            .withLog(new LogOptions(ahead, Math.min(ahead, LogOptions.BATCH_BYTES)))
                            .withGapWriter(Recorder.gapWriter(codec, clock)));
        } catch (LogException | IOException e) {
            throw new ConfigurationFault(
                    "journal " + settings.journalFolder() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Bean
    Recorder recorder(Journal journal, EventCodec codec, Clock clock, Meters meters, Traces traces) {
        return new Recorder(journal, codec, clock, meters.append(), traces);
    }

    @Bean
    Strangers strangers(Recorder recorder, Clock clock) {
        return new Strangers(recorder, clock);
    }

    @Bean
    KeyLocks keyLocks() {
        return new KeyLocks();
    }

    /** With it, the journal and the database are of one history and nothing is left open. */
    @Bean
    Settlement settlement(
            Journal journal,
            Recorder recorder,
            EventCodec codec,
            Positions positions,
            KeyStore store,
            KeyProvider provider,
            ApprovalStore approvals,
            KeyLocks locks,
            PolicyInForce policy,
            JournalKey journalKey,
            FirstStart seen) {
        Settlement settlement = new Settlement(journal, recorder, codec, positions, store, provider, approvals, locks);
        new Recovery(journal, recorder, codec, positions, settlement, store).run();
        Draft started = Draft.service("StartBroker").message("The broker started.");
        started.detail()
                .put("policy", policy.policyDigest())
                .put("data", policy.dataDigest())
                .put("policySignature", policy.signature())
                .put("journalKey", journalKey.verifier().vkey());
        try {
            recorder.append(started);
        } catch (ProblemException e) {
            throw new ConfigurationFault("the journal cannot be written: " + e.detail(), e);
        }
        return settlement;
    }

    @Bean
    LeasedKeys leasedKeys(KeyStore store, KeyProvider provider, Settlement settled) {
        LeasedKeys keys = new LeasedKeys(
                store, System::nanoTime, destroyed -> destroyed.versions().forEach(provider::forget));
        try {
            keys.renew();
        } catch (ProblemException e) {
            throw new ConfigurationFault("the keys' state cannot be read: " + e.detail(), e);
        }
        return keys;
    }

    @Bean
    StateWitness stateWitness(LeasedKeys keys, Recorder recorder, Positions positions) {
        StateWitness witness = new StateWitness(keys, recorder, positions);
        try {
            witness.witness();
        } catch (ProblemException e) {
            throw new ConfigurationFault("the journal cannot be written: " + e.detail(), e);
        }
        return witness;
    }

    @Bean
    Calls calls(LeasedKeys keys, Permits permits, Recorder recorder, Settlement settlement, Meters meters) {
        return new Calls(keys, permits, recorder, settlement, meters);
    }

    @Bean
    Uses uses(UseStore store, Clock clock) {
        return new Uses(store, clock);
    }

    @Bean
    Ciphers ciphers(KeyProvider provider, DataKeyStore dataKeys) {
        return new Ciphers(provider, dataKeys::wrapped);
    }

    @Bean
    Crypto crypto(Calls calls, Ciphers ciphers, DataKeys dataKeys, LeasedKeys keys, Uses uses, Unwraps unwraps) {
        return new Crypto(calls, ciphers, dataKeys, keys, uses, unwraps);
    }

    @Bean
    Reads reads(Calls calls, LeasedKeys keys, KeyProvider provider, DataKeyStore dataKeys, Uses uses) {
        return new Reads(calls, keys, provider, dataKeys, uses);
    }

    @Bean
    Changes changes(
            Calls calls,
            Recorder recorder,
            LeasedKeys keys,
            KeyStore store,
            Approvals approvals,
            KeyLocks locks,
            Clock clock) {
        return new Changes(calls, recorder, keys, store, approvals, locks, clock);
    }

    @Bean
    Births births(Calls calls, Permits permits, Changes changes, KeyStore store, KeyProvider provider) {
        return new Births(calls, permits, changes, store, provider);
    }

    @Bean
    KeyLife keyLife(Changes changes, KeyStore store, LeasedKeys keys) {
        return new KeyLife(changes, store, keys);
    }

    @Bean
    Rotations rotations(
            Calls calls,
            Changes changes,
            KeyStore store,
            LeasedKeys keys,
            DataKeyStore dataKeys,
            KeyProvider provider) {
        return new Rotations(calls, changes, store, keys, dataKeys, provider);
    }

    @Bean
    Destructions destructions(
            Changes changes, KeyStore store, LeasedKeys keys, KeyProvider provider, Approvals approvals) {
        return new Destructions(changes, store, keys, provider, approvals);
    }

    @Bean
    KillSwitches killSwitches(
            Calls calls, Changes changes, KeyStore store, LeasedKeys keys, Approvals approvals, Uses uses) {
        return new KillSwitches(calls, changes, store, keys, approvals, uses);
    }

    @Bean
    RuleExceptions ruleExceptions(Changes changes, KeyStore store) {
        return new RuleExceptions(changes, store);
    }

    @Bean
    LegalHolds legalHolds(Calls calls, Changes changes, KeyStore store, Approvals approvals) {
        return new LegalHolds(calls, changes, store, approvals);
    }

    @Bean
    DataKeys dataKeys(
            Calls calls,
            Changes changes,
            Ciphers ciphers,
            KeyStore store,
            LeasedKeys keys,
            DataKeyStore dataKeys,
            Uses uses) {
        return new DataKeys(calls, changes, ciphers, store, keys, dataKeys, uses);
    }

    @Bean
    Duties duties(
            LeasedKeys keys, KeyLife life, DueRotations rotations, Destructions destructions, Uses uses, Clock clock) {
        return new Duties(keys, life, rotations, destructions, uses, clock);
    }

    @Bean
    Moves moves(DataKeyStore store, DataKeys dataKeys, Rotations rotations, Clock clock) {
        return new Moves(store, dataKeys, rotations, clock);
    }

    @Bean(initMethod = "start")
    Due due(
            BrokerProperties.Checked settings,
            DutyStore store,
            Duties duties,
            Moves moves,
            Uses uses,
            DeviceWatch watch,
            Expiries expiries,
            Escalations escalations,
            TokenEvents events,
            Enrolled enrolled,
            Recorder recorder) {
        return new Due(
                settings.source(),
                store,
                duties,
                moves,
                uses,
                watch,
                settings.readBack(),
                expiries,
                escalations,
                () -> {
                    events.record(recorder);
                    // Read by nobody, it is looked at all the same, and what does not hold is told.
                    enrolled.now();
                });
    }

    @Bean(initMethod = "start")
    Beats beats(
            LeasedKeys keys,
            Journal journal,
            JournalKey signer,
            Strangers strangers,
            Throttled throttled,
            FirstAnswers answers,
            Settlement settlement,
            Recorder recorder,
            Positions positions,
            StateWitness witness) {
        return new Beats(
                keys, journal, signer, strangers, throttled, answers, settlement, recorder, positions, witness);
    }
}
