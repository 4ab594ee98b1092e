package dev.keyproof.evidence.witness;

import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.head.HeadGate;
import dev.keyproof.evidence.head.LogSigners;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has heads cosigned by the configured witnesses, the newest of each interval, and lets nothing be signed behind a witness's head: no
 * head is signed before each witness was asked once and enough of them answered, and none any more once one of them knows a head
 * beyond our log or another tree. Without witnesses it stands in nobody's way. Thread-safe.
 */
public final class Witnesses implements HeadGate, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);

    /** While too few answered, nothing is signed: then it is asked again sooner. */
    private static final long PAUSE_MS = 500;

    private final EvidenceConfig.Witnessing config;
    private final YearLogs logs;
    private final SealToken keys;
    private final LogSigners signing;
    private final Path folder;
    private final Alarm alarm;
    private final List<Party> parties = new ArrayList<>();
    private final Map<Integer, Cosigned> cosigned = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> open = new ConcurrentHashMap<>();
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("witnesses").daemon().factory());
    private volatile String contradiction = "";

    /** A witness, and how far it is with each year's log. Asked by one thread at a time. */
    private static final class Party {
        final WitnessClient client;
        final NoteVerifier verifier;
        final Map<Integer, Long> sizes = new ConcurrentHashMap<>();
        volatile String trouble = "not asked yet";

        Party(EvidenceConfig.Witness witness) {
            this.client = new WitnessClient(witness.url(), witness.vkey());
            this.verifier = witness.vkey();
        }
    }

    /**
     * How a witness stands to this year's log.
     *
     * @param size of the last head that it cosigned, 0 if none is known
     * @param lag entries of the newest head beyond that
     * @param trouble empty while all is well, else one line
     */
    public record State(String name, long size, long lag, String trouble) {}

    /** Cosigned heads are kept in {@code folder}. */
    public Witnesses(
            EvidenceConfig.Witnessing config,
            YearLogs logs,
            SealToken keys,
            LogSigners signing,
            Path folder,
            Alarm alarm) {
        this.config = config;
        this.logs = logs;
        this.keys = keys;
        this.signing = signing;
        this.folder = folder;
        this.alarm = alarm;
        config.list().forEach(witness -> parties.add(new Party(witness)));
    }

    public void start() {
        if (parties.isEmpty()) {
            return;
        }
        timer.execute(() -> {
            try {
                while (!timer.isShutdown()) {
                    round();
                    alarm.tell();
                    boolean waits = !open.keySet().containsAll(logs.all().keySet());
                    TimeUnit.MILLISECONDS.sleep(waits ? PAUSE_MS : config.intervalSeconds() * 1000L);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void round() throws InterruptedException {
        for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
            try {
                SealedLog log = year.getValue();
                Optional<SignedHead> last = log.lastHead();
                ask(year.getKey(), log, last.isPresent() ? last.get() : empty(year.getKey(), log));
            } catch (EvidenceException | LogException | RuntimeException e) {
                LOG.error("event=witnessing-failed year={}", year.getKey(), e);
            }
        }
    }

    /** Signed without being remembered: the empty tree is the beginning of every log, so no head can contradict it. */
    private SignedHead empty(int year, SealedLog log) throws EvidenceException, LogException {
        Checkpoint checkpoint = new Checkpoint(log.origin(), 0, new TreeHasher().empty());
        return new SignedHead(
                checkpoint, SignedNote.sign(checkpoint.text(), keys.logSigners(log.origin(), signing.at(year, 0))));
    }

    private void ask(int year, SealedLog log, SignedHead head) throws InterruptedException, LogException {
        int answered = 0;
        for (Party party : parties) {
            synchronized (party) {
                // What a file of ours says that it saw is not asked: the file may have been put back with the log.
                boolean done = party.sizes.getOrDefault(year, -1L) == head.size()
                        && cosigned(year).has(party.verifier, head);
                answered += done || ask(party, year, log, head) ? 1 : 0;
            }
        }
        if (answered >= config.quorum() && contradiction.isEmpty()) {
            open.put(year, true);
        }
    }

    /** Returns whether the witness answered and stands in nobody's way. */
    private boolean ask(Party party, int year, SealedLog log, SignedHead head)
            throws InterruptedException, LogException {
        long old = Math.min(party.sizes.getOrDefault(year, 0L), head.size());
        // Once for its size, once with it, and once more if another of our heads came between.
        for (int attempt = 0; attempt < 3; attempt++) {
            switch (party.client.submit(old, proof(log, old, head.size()), head)) {
                case WitnessClient.Reply.Cosigned answer -> {
                    keep(year, head, answer);
                    party.sizes.put(year, head.size());
                    party.trouble = "";
                    return true;
                }
                case WitnessClient.Reply.Knows(long size) -> {
                    long ours = log.lastHead().map(SignedHead::size).orElse(0L);
                    if (size > ours) {
                        contradicted(
                                party,
                                log,
                                "knows a head of " + size + " entries, and this log was signed up to " + ours
                                        + " only: its folder is older, or another log; restore the right one");
                        return false;
                    }
                    party.sizes.put(year, size);
                    if (size > head.size()) {
                        return true;
                    }
                    old = size;
                }
                case WitnessClient.Reply.UnknownLog() -> {
                    party.trouble = "it does not know the log " + log.origin() + ": give it the log's verifier keys";
                    return true;
                }
                case WitnessClient.Reply.Contradiction() -> {
                    contradicted(party, log, "saw another history of this log than the one up to " + head.size());
                    return false;
                }
                case WitnessClient.Reply.Failed(String reason) -> {
                    if (party.trouble.isEmpty()) {
                        LOG.warn("event=witness-failed witness={} reason=\"{}\"", party.client.name(), reason);
                    }
                    party.trouble = reason;
                    return false;
                }
            }
        }
        party.trouble = "it changes its mind about what it saw last";
        return false;
    }

    private static List<Hash> proof(SealedLog log, long old, long size) throws LogException {
        return old == 0 || old == size
                ? List.of()
                : log.consistencyProof(old, size).path();
    }

    private void keep(int year, SignedHead head, WitnessClient.Reply.Cosigned answer) {
        try {
            cosigned(year).add(head, answer.signatures());
        } catch (IOException e) {
            LOG.error("event=cosigned-head-not-kept year={}", year, e);
        }
    }

    private void contradicted(Party party, SealedLog log, String what) {
        String text = "the witness " + party.client.name() + " " + what;
        party.trouble = text;
        if (contradiction.isEmpty()) {
            contradiction = text + "; nothing of " + log.origin() + " is signed any more";
            open.clear();
            LOG.error("event=contradicted origin={} reason=\"{}\"", log.origin(), text);
            alarm.raise(log.origin(), party.client.name(), text);
        }
    }

    private Cosigned cosigned(int year) {
        return cosigned.computeIfAbsent(
                year,
                key -> new Cosigned(
                        folder.resolve(key + ".checkpoint"),
                        parties.stream().map(party -> party.verifier).toList(),
                        config.quorum()));
    }

    @Override
    public void requireOpen(int year) throws EvidenceException {
        if (!contradiction.isEmpty()) {
            throw new EvidenceException(contradiction);
        }
        if (!parties.isEmpty() && !open.containsKey(year)) {
            throw new EvidenceException("nothing is signed before " + config.quorum() + " of " + parties.size()
                    + " witnesses said which head they saw last");
        }
    }

    /** Why nothing is signed any more; empty while no witness contradicts. */
    public String contradiction() {
        return contradiction;
    }

    /** A head with the cosignatures that can be had for it now; without them if none can. */
    public SignedHead cosign(int year, SignedHead head) throws EvidenceException {
        SealedLog log = logs.all().get(year);
        if (parties.isEmpty() || log == null) {
            return head;
        }
        try {
            ask(year, log, head);
        } catch (LogException e) {
            throw new EvidenceException("the witnesses cannot be asked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("stopped while witnesses were asked", e);
        }
        return cosigned(year).with(head);
    }

    /** The newest head of a year that enough witnesses cosigned. */
    public Optional<SignedHead> checkpoint(int year) {
        return parties.isEmpty() ? Optional.empty() : cosigned(year).enough();
    }

    /** How each stands to a year's log, whose newest head is of {@code size}. */
    public List<State> states(int year, long size) {
        return parties.stream()
                .map(party -> {
                    long seen = party.sizes.getOrDefault(year, 0L);
                    return new State(party.client.name(), seen, Math.max(0, size - seen), party.trouble);
                })
                .toList();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        parties.forEach(party -> party.client.close());
    }
}
