package dev.keyproof.evidence.pack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.LogSigners;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.WitnessPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an auditor must get by another way than the packs. Thread-safe. */
public final class TrustFiles {
    private final PackIdentity identity;
    private final YearLogs logs;
    private final DroppedYears dropped;
    private final LogSigners signing;
    private final @Nullable EvidenceRecords archive;
    private final Map<String, ObjectNode> approvers;
    private final List<String> audiences;
    private final Optional<WitnessPolicy> witnesses;

    /**
     * @param archive knows the roots of time-stamp authorities; null where there are none
     * @param approvers the first approvers' keys
     * @param audience whom approvals are made out to; empty if that is not said
     */
    public TrustFiles(
            PackIdentity identity,
            YearLogs logs,
            DroppedYears dropped,
            LogSigners signing,
            @Nullable EvidenceRecords archive,
            Map<String, ObjectNode> approvers,
            Optional<String> audience,
            EvidenceConfig.Witnessing witnesses) {
        this.identity = identity;
        this.logs = logs;
        this.dropped = dropped;
        this.signing = signing;
        this.archive = archive;
        this.approvers = Map.copyOf(approvers);
        this.audiences = audience.stream().toList();
        this.witnesses = witnesses.list().isEmpty()
                ? Optional.empty()
                : Optional.of(new WitnessPolicy(
                        witnesses.quorum(),
                        witnesses.list().stream()
                                .map(EvidenceConfig.Witness::vkey)
                                .toList()));
    }

    /** Who must have cosigned a head before it goes into a pack. */
    public Optional<WitnessPolicy> witnesses() {
        return witnesses;
    }

    /** The anchor for packs of these years' logs. */
    public TrustFile of(Collection<Integer> years) throws EvidenceException {
        NavigableSet<Integer> named = new TreeSet<>(years);
        Map.Entry<Integer, SealedLog> before = logs.before(named.getFirst());
        if (before != null) {
            // Its last head is an entry of the next year's log.
            named.add(before.getKey());
        }
        // Once more their last heads are where it is said that they were dropped.
        named.addAll(dropped.years().keySet());
        List<LogKey> logKeys = new ArrayList<>();
        for (int year : named) {
            logKeys.addAll(logKeys(year));
        }
        return new TrustFile(
                List.of(identity.chain().getLast()),
                archive == null ? List.of() : archive.roots(),
                logKeys,
                approvers,
                witnesses.stream().toList(),
                audiences);
    }

    /** The keys that sign this year's log, or did: each generation with the size at which it handed over to the next. */
    private List<LogKey> logKeys(int year) throws EvidenceException {
        String origin = logs.origin(year);
        int inUse = signing.at(logs.year(), Long.MAX_VALUE);
        List<LogKey> keys = new ArrayList<>();
        for (int generation = signing.at(year, 0); generation <= signing.at(year, Long.MAX_VALUE); generation++) {
            OptionalLong handedOver = signing.until(year, generation);
            long until =
                    handedOver.isPresent() ? handedOver.getAsLong() : generation < inUse ? end(year) : LogKey.UNBOUNDED;
            for (NoteVerifier key : identity.logVerifiers(origin, generation)) {
                keys.add(new LogKey(key, until));
            }
        }
        return keys;
    }

    /** Where a log ended whose keys handed over in a later year. */
    private long end(int year) {
        SealedLog log = logs.all().get(year);
        return log == null
                ? dropped.remains()
                        .map(remains -> remains.heads().get(year))
                        .map(SignedHead::size)
                        .orElse(0L)
                : log.size();
    }
}
