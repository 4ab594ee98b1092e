package dev.keyproof.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.AccessLog;
import dev.keyproof.evidence.access.AccessPolicy;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.cases.Cases;
import dev.keyproof.evidence.config.ConfigException;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.directory.Erasure;
import dev.keyproof.evidence.directory.People;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.HeadGuard;
import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.KeptHeads;
import dev.keyproof.evidence.head.LogSigners;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.head.PackStamper;
import dev.keyproof.evidence.head.RevocationLists;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.head.TimeAuthority;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.http.CaseRoutes;
import dev.keyproof.evidence.http.DirectoryRoutes;
import dev.keyproof.evidence.http.EvidenceApi;
import dev.keyproof.evidence.http.LogRoutes;
import dev.keyproof.evidence.http.PackRoutes;
import dev.keyproof.evidence.http.RecordRoutes;
import dev.keyproof.evidence.http.RetentionRoutes;
import dev.keyproof.evidence.http.StateRoutes;
import dev.keyproof.evidence.http.UpkeepRoutes;
import dev.keyproof.evidence.pack.PackBuilder;
import dev.keyproof.evidence.pack.PackShelf;
import dev.keyproof.evidence.pack.TrustFiles;
import dev.keyproof.evidence.remote.RemoteTier;
import dev.keyproof.evidence.retention.Notices;
import dev.keyproof.evidence.retention.Retention;
import dev.keyproof.evidence.retention.YearDrops;
import dev.keyproof.evidence.seal.DrillReports;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.seal.OwnFindings;
import dev.keyproof.evidence.seal.PolicyFiles;
import dev.keyproof.evidence.seal.Recovery;
import dev.keyproof.evidence.seal.RefusedPolicies;
import dev.keyproof.evidence.seal.SealedState;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.seal.SignerHandover;
import dev.keyproof.evidence.seal.SignerRollover;
import dev.keyproof.evidence.search.Finder;
import dev.keyproof.evidence.search.Proofs;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Alarm;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.verify.TrustFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: seals the stream, signs and publishes heads, has them time-stamped, builds packs. One argument: the configuration. */
public final class EvidenceService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceService.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EvidenceApi api;

    private EvidenceService(EvidenceConfig config, Clock clock, Consumer<Throwable> fatal) throws EvidenceException {
        try {
            Token token = keep(Token.open(new TokenConfig(
                    config.token().module(),
                    config.token().label(),
                    PinSource.file(config.token().pinFile()),
                    1)));
            Path own = config.home().resolve("evidence");
            SealToken keys = new SealToken(token);
            Artifacts artifacts = new Artifacts(config.home().resolve("artifacts"), keys);
            HeadGuard guard = new HeadGuard(keys, config.name());
            YearLogs logs = keep(YearLogs.open(
                    config.home().resolve("log"), config.name(), config.log().immutable(), clock));
            DroppedYears dropped = DroppedYears.open(logs, artifacts::openRemains);
            SealedState state = new SealedState(keep(Named.places(own.resolve("places"))));
            OwnFindings findings = new OwnFindings();
            LogEvents events = new LogEvents(clock);
            People people = new People(own.resolve("people"), keys);
            Erasure erasure = new Erasure(people, artifacts, logs, events);
            LogSigners signing = new LogSigners();
            Notices notices = new Notices();
            guard.requireSame(
                    Recovery.run(
                            logs,
                            dropped,
                            state,
                            guard.sizes(),
                            (year, index, json) -> {
                                SignerHandover.apply(keys, signing, logs.origin(year), year, index, json);
                                erasure.entry(json);
                                notices.entry(json);
                            },
                            System.nanoTime()),
                    logs);
            Witnesses witnesses = keep(new Witnesses(
                    config.witnesses(),
                    logs,
                    keys,
                    signing,
                    own.resolve("witness"),
                    new Alarm(Named.kafka(config), findings, clock)));
            EvidenceConfig.Tsa tsa = config.tsa();
            TimeAuthority authority = tsa == null ? null : keep(Named.authority(tsa));
            TimeStamper stamper = tsa == null || authority == null
                    ? null
                    : keep(new TimeStamper(
                            authority,
                            own.resolve("time"),
                            logs,
                            clock,
                            Duration.ofSeconds(tsa.intervalSeconds()),
                            TimeStamper.Backoff.usual()));
            EvidenceRecords records = authority == null || stamper == null
                    ? null
                    : keep(new EvidenceRecords(authority, stamper, own.resolve("ers"), clock));
            // Before the heads: closed after them, it copies the last one.
            RemoteTier remote = config.remote().isEmpty()
                    ? null
                    : keep(RemoteTier.of(
                            config.remote().get(),
                            config.home(),
                            logs,
                            keys,
                            Optional.ofNullable(stamper),
                            findings,
                            clock));
            PackIdentity identity = new PackIdentity(keys, own.resolve("signer.pem"), config.name(), clock);
            CheckpointCms cms = new CheckpointCms(keys, identity.chain().getLast(), own, config.name(), clock);
            KeptHeads kept = new KeptHeads(own.resolve("heads"), clock);
            HeadPublisher heads = keep(new HeadPublisher(logs, keys, guard, signing, witnesses, cms, kept));
            Map<String, ObjectNode> approvers = Named.approvers(config.approvers());
            Holds holds = keep(new Holds(
                    logs,
                    dropped,
                    artifacts,
                    TrustFile.ofApprovers(
                            approvers, config.approvalAudience().stream().toList()),
                    findings,
                    clock));
            TrustFiles trusts = new TrustFiles(
                    identity,
                    logs,
                    dropped,
                    signing,
                    records,
                    approvers,
                    config.approvalAudience(),
                    config.witnesses());
            PackBuilder packs = new PackBuilder(
                    config.home().resolve("packs"),
                    config.name(),
                    logs,
                    dropped,
                    state.supports(),
                    heads,
                    kept,
                    witnesses,
                    stamper,
                    records,
                    identity,
                    cms,
                    artifacts,
                    trusts,
                    authority == null ? Optional.empty() : Optional.of(new PackStamper(authority)),
                    new RevocationLists(
                            keys,
                            identity.chain().getLast(),
                            cms,
                            signing,
                            own.resolve("signer.crl"),
                            Optional.ofNullable(tsa).flatMap(EvidenceConfig.Tsa::crls)),
                    remote == null ? RemoteTier::notProvenWithout : remote::notProven,
                    clock);
            BundleTrust trusted = Named.trust(config.policySignature());
            RefusedPolicies refused = new RefusedPolicies(() -> logs.origin(logs.year()), findings, clock);
            PolicyFiles policies =
                    new PolicyFiles(Named.kept(config.policies(), config.accessPolicy()), trusted, refused);
            Retention retention = new Retention(logs, holds, notices, policies, events, clock);
            SealingLoop sealing = keep(new SealingLoop(
                    Named.kafka(config),
                    logs,
                    state,
                    artifacts,
                    config.journals(),
                    policies,
                    events,
                    findings,
                    retention,
                    clock,
                    fatal));
            OwnEntries entries = new OwnEntries(logs, sealing);
            YearDrops drops = new YearDrops(
                    logs,
                    dropped,
                    retention,
                    holds,
                    artifacts,
                    witnesses,
                    trusts.witnesses(),
                    Optional.ofNullable(stamper),
                    events,
                    own.resolve("places-of-a-year"),
                    clock);
            Proofs proofs = new Proofs(logs, witnesses);
            Cases cases = new Cases(state.supports().cases(), logs, entries, events, proofs, artifacts, holds);
            Optional<Finder> finder = config.search().map(one -> keep(new Finder(one, logs, proofs, findings, clock)));
            AccessLog access = keep(new AccessLog(logs, sealing, events, clock));
            AccessPolicy policy = keep(Named.access(config.accessPolicy(), trusted, artifacts, refused, clock));
            this.api = keep(new EvidenceApi(
                    config,
                    policy,
                    access,
                    List.of(
                            new StateRoutes(logs, state, sealing, heads, witnesses, stamper, records, remote, refused),
                            keep(new PackRoutes(
                                    packs, new PackShelf(config.home().resolve("packs")), policy, access, logs, clock)),
                            new RecordRoutes(proofs, finder, cases),
                            new LogRoutes(logs, witnesses, cms),
                            new CaseRoutes(cases, artifacts),
                            new DirectoryRoutes(people, artifacts, erasure, entries, holds, events, logs),
                            new RetentionRoutes(holds, retention, drops, entries),
                            new UpkeepRoutes(
                                    logs,
                                    records,
                                    new SignerRollover(logs, keys, signing, sealing, heads, events),
                                    new DrillReports(logs, entries, events)))));
            sealing.start();
            Thread finishing = Thread.ofVirtual()
                    .start(() -> finish(() -> {
                        erasure.finish(entries, holds);
                        drops.finish(entries);
                    }));
            keep(finishing::interrupt);
            holds.start();
            witnesses.start();
            heads.start();
            if (stamper != null && records != null) {
                stamper.start();
                records.start(() -> logs.all().keySet());
            }
            if (remote != null) {
                remote.start(sealing, events);
            }
            finder.ifPresent(Finder::start);
            policy.start();
            access.start();
            api.start();
        } catch (TokenException e) {
            close();
            throw new EvidenceException(String.valueOf(e.getMessage()), e);
        } catch (EvidenceException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What a crash left half done. */
    @FunctionalInterface
    private interface Unfinished {
        void finish() throws EvidenceException;
    }

    /** Beside the start: what is put on record waits for Kafka. */
    private static void finish(Unfinished left) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                left.finish();
                return;
            } catch (EvidenceException e) {
                LOG.warn("event=erasure-not-on-record reason=\"{}\"", e.getMessage());
            }
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Starts everything; {@code fatal} is told if nothing can be sealed until the next start. */
    public static EvidenceService start(EvidenceConfig config, Clock clock, Consumer<Throwable> fatal)
            throws EvidenceException {
        return new EvidenceService(config, clock, fatal);
    }

    /** The HTTP port in use. */
    public int port() {
        return api.port();
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("event=close-failed reason=\"{}\"", e.getMessage());
            }
        }
    }

    /** Runs until the process is told to stop. Exit code 2: the configuration; 1: anything else. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: EvidenceService CONFIG.yaml");
            System.exit(2);
        }
        // A caller that asks and does not read must not hold a thread and a file for ever; a pack of gigabytes takes
        // minutes.
        System.setProperty("sun.net.httpserver.maxRspTime", "3600");
        System.setProperty("sun.net.httpserver.maxReqTime", "60");
        try {
            EvidenceConfig config = ConfigReader.read(Path.of(args[0]));
            EvidenceService service = start(config, Clock.systemUTC(), failure -> {
                LOG.error("event=fatal reason=\"{}\"", failure.getMessage(), failure);
                Runtime.getRuntime().halt(1);
            });
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::close));
            LOG.info("event=started port={} home={}", service.port(), config.home());
        } catch (ConfigException e) {
            e.faults().forEach(System.err::println);
            System.exit(2);
        } catch (EvidenceException e) {
            System.err.println("evidence-service: " + e.getMessage());
            System.exit(1);
        }
    }
}
