package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.seal.Supports;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.verify.ArchivedTimes;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.Consistency;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.LogFiles;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.PackForm;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Population;
import dev.keyproof.verify.RetentionClasses;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.ScopedRecords;
import dev.keyproof.verify.SingleRecords;
import dev.keyproof.verify.Spill;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Puts one pack's files together and writes it. Used by one thread. */
final class PackAssembly implements AutoCloseable {
    private final Sources sources;
    private final Scope scope;
    private final SortedMap<Integer, PackHeads.Head> heads;
    private final PackProgress progress;
    private final SortedSet<Integer> unbegun = new TreeSet<>();
    private final ScopedRecords scoped;
    private final PackWriter pack = new PackWriter();
    private final Spill singles = new Spill();
    private final PackContents contents;
    private final OscalResults oscal;
    private final ReportEntries report;

    /** Where its files come from. */
    record Sources(
            PackLogs logs,
            Supports supports,
            PackHeads heads,
            Optional<EvidenceRecords> archive,
            PackIdentity identity,
            CheckpointCms cms,
            Artifacts artifacts,
            Optional<PackWriter.Stamper> packStamper,
            PackRevocations revocations) {}

    /** {@code heads} are those of the scope's years; others' that the scope needs are added. */
    PackAssembly(Sources sources, Scope scope, SortedMap<Integer, PackHeads.Head> heads, PackProgress progress) {
        this.sources = sources;
        this.scope = scope;
        this.scoped = new ScopedRecords(scope);
        this.contents = new PackContents(scope);
        this.oscal = new OscalResults(scope);
        this.report = new ReportEntries(scope);
        this.heads = heads;
        this.progress = progress;
    }

    /**
     * What the pack has turned out to be.
     *
     * @param heads of its logs, by year
     * @param retention the longest of what the policies say of it
     * @param unbegun years carried from a later entry on than the first, without a head from before it
     */
    record Facts(
            SortedMap<Integer, PackHeads.Head> heads,
            SortedSet<Integer> unbegun,
            PackContents contents,
            PackPolicies.Added policies,
            Population population,
            Optional<PolicyBundle.Retention> retention,
            PackRevocations.Added revocations,
            int observations,
            ReportEntries report) {}

    void write(Function<Facts, PackTexts> texts, OutputStream out)
            throws EvidenceException, IOException, LogException, GeneralSecurityException, BrokenPackException {
        SortedSet<Supports.Place> places = new PackNeeds(sources.logs(), sources.supports(), scope, sizes()).places();
        for (Supports.Place place : places) {
            if (!heads.containsKey(place.year())) {
                heads.put(place.year(), sources.heads().newest(place.year()));
            }
        }
        places.removeIf(place -> place.index() >= head(place.year()).size());
        progress.total(places.size()
                + (scope.isOfRecords()
                        ? 0
                        : scope.parts().stream()
                                .mapToLong(part -> part.end(head(part.year()).size()) - part.from())
                                .sum()));
        records(places);
        if (scope.ofCase().isPresent()) {
            for (Supports.Place place : places) {
                scoped.announce(sources.logs().at(place));
            }
        }
        for (int year : heads.keySet()) {
            entries(year, places);
        }
        progress.read();
        contents.files().forEach(pack::add);
        PackPolicies.Added policies = PackPolicies.add(sources.artifacts(), contents, pack);
        List<Manifest.Log> logs = logs();
        Population population = oscal.population(policies.bundles(), contents.keyIds());
        oscal.documents(PackForm.current(), logs, policies.bundles(), population)
                .forEach(pack::add);
        RetentionClasses retention = new RetentionClasses(policies.bundles());
        retention.bytes().ifPresent(classes -> pack.add(RetentionClasses.NAME, classes));
        PackRevocations.Added revocations = signatures();
        beginnings(logs);
        PackTexts written = texts.apply(new Facts(
                heads,
                unbegun,
                contents,
                policies,
                population,
                retention.longest(),
                revocations,
                oscal.observations(),
                report));
        pack.add("VERIFY.md", written.verify());
        pack.add("NOT-PROVEN.md", written.notProven());
        pack.add(ReportPage.NAME, written.report());
        pack.add(VerifyPage.NAME, VerifyPage.bytes());
        pack.writeTo(out, scope.json(), logs, policies.digests(), sources.identity(), sources.packStamper());
    }

    private SortedMap<Integer, Long> sizes() {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        heads.forEach((year, head) -> sizes.put(year, head.signed().size()));
        return sizes;
    }

    private SignedHead head(int year) {
        PackHeads.Head head = heads.get(year);
        if (head == null) {
            throw new IllegalStateException("no head of the year " + year);
        }
        return head.signed();
    }

    private Optional<Scope.Part> part(int year) {
        return scope.parts().stream().filter(part -> part.year() == year).findFirst();
    }

    /** Of a log that the scope does not name nothing is carried but single records. */
    private List<Manifest.Log> logs() {
        List<Manifest.Log> logs = new ArrayList<>();
        for (int year : heads.keySet()) {
            SignedHead head = head(year);
            logs.add(new Manifest.Log(
                    head.checkpoint().origin(),
                    "log/" + year,
                    part(year).map(Scope.Part::from).orElse(head.size()),
                    head.size(),
                    head.checkpoint().root().bytes()));
        }
        return logs;
    }

    private void records(SortedSet<Supports.Place> places) throws LogException, EvidenceException {
        if (places.isEmpty() && !scope.isOfRecords()) {
            return;
        }
        Spill records = singles;
        for (Supports.Place place : places) {
            records.write(sources.logs().line(place, head(place.year()).size()));
        }
        pack.add(SingleRecords.NAME, records);
    }

    /** In the order of sealing, which is the one in which they are verified. */
    private void entries(int year, SortedSet<Supports.Place> places)
            throws LogException, BrokenPackException, EvidenceException {
        SortedSet<Supports.Place> ofYear = places.subSet(new Supports.Place(year, 0), new Supports.Place(year + 1, 0));
        if (scope.isOfRecords()) {
            for (Supports.Place place : ofYear) {
                Entry entry = sources.logs().at(place);
                if (scoped.carried(entry) == ScopedRecords.Kind.OF_SCOPE) {
                    take(entry, SingleRecords.NAME);
                } else {
                    supporting(entry);
                }
            }
            return;
        }
        Supports.Place begin =
                new Supports.Place(year, part(year).map(Scope.Part::from).orElse(Long.MAX_VALUE));
        for (Supports.Place place : ofYear.headSet(begin)) {
            supporting(sources.logs().at(place));
        }
        Optional<Scope.Part> part = part(year);
        if (part.isPresent()) {
            range(part.get());
        }
        for (Supports.Place place : ofYear.tailSet(begin)) {
            supporting(sources.logs().at(place));
        }
    }

    private void take(Entry entry, String file) {
        contents.entry(entry, file);
        oscal.entry(entry, file);
        report.entry(entry, file);
        progress.entry();
    }

    private void supporting(Entry entry) {
        contents.supporting(entry, SingleRecords.NAME);
        oscal.supporting(entry);
        progress.entry();
    }

    private void range(Scope.Part part) throws LogException, BrokenPackException, EvidenceException {
        SignedHead head = head(part.year());
        long size = head.size();
        TileFolder tiles = new TileFolder(sources.logs().folder(part.year()));
        List<TilePath> all = new ArrayList<>(LogFiles.tiles(size));
        all.addAll(LogFiles.bundles(part.from(), part.end(size), size));
        for (TilePath tile : all) {
            pack.add(part.path() + "/" + tile.path(), () -> {
                try {
                    return new ByteArrayInputStream(tiles.read(tile));
                } catch (LogException e) {
                    throw new IOException(e.getMessage(), e);
                }
            });
        }
        sources.logs().each(part.year(), part.from(), part.end(size), true, entry -> {
            take(
                    entry,
                    part.path() + "/"
                            + TilePath.in(TilePath.ENTRIES, entry.index() / TilePath.WIDTH, size)
                                    .path());
            return true;
        });
    }

    /** Each log's checkpoint with its copy for OpenSSL and its time; there is one chain for all copies, and one for all times. */
    private PackRevocations.Added signatures() throws EvidenceException, NoteException {
        PackHeads.Head newest = heads.get(scope.parts().getLast().year());
        if (newest == null) {
            throw new IllegalStateException("no head of the scope's last year");
        }
        List<X509Certificate> signers = sources.cms().chain(newest.checkpoint());
        pack.add("trust/log-signer.pem", pem(signers));
        PackRevocations.Adding revocations = sources.revocations()
                .to(pack, heads.values())
                .beside("trust/signer.pem", sources.identity().chain())
                .beside("trust/log-signer.pem", signers);
        if (newest.stamped() != null) {
            pack.add("trust/tsa.pem", pem(newest.stamped().chain()));
            revocations.beside("trust/tsa.pem", newest.stamped().chain());
        }
        if (sources.packStamper().isPresent()) {
            revocations.beside(ManifestTime.CHAIN, sources.packStamper().get().chain());
        }
        StringBuilder keys = new StringBuilder();
        for (int year : heads.keySet()) {
            PackHeads.Head head = Objects.requireNonNull(heads.get(year));
            String path = "log/" + year;
            pack.add(path + "/checkpoint", head.checkpoint());
            if (sources.cms().chain(head.checkpoint()).equals(signers)) {
                pack.add(path + "/" + CheckpointCms.NAME, sources.cms().over(year, head.checkpoint()));
            }
            TimeStamper.Stamped stamped = head.stamped();
            if (stamped != null
                    && newest.stamped() != null
                    && stamped.chain().equals(newest.stamped().chain())) {
                pack.add("time/" + year + ".tsq", stamped.request());
                pack.add("time/" + year + ".tsr", stamped.answer());
            }
            for (NoteVerifier key : sources.identity().signersOf(head.signed())) {
                keys.append(key.vkey()).append('\n');
            }
        }
        pack.add("trust/log.vkey", keys.toString().getBytes(StandardCharsets.UTF_8));
        archive();
        return revocations.added(signers.getFirst());
    }

    /** The head from before each part of a log, and the proof that the log continues it; there is none before its first entry. */
    private void beginnings(List<Manifest.Log> logs) throws EvidenceException, LogException {
        for (Manifest.Log log : logs) {
            Optional<Scope.Part> part = scope.of(log).filter(one -> one.from() > 0);
            if (part.isEmpty()) {
                continue;
            }
            int year = part.get().year();
            Optional<PackHeads.Earlier> earlier =
                    sources.heads().before(year, part.get().from(), head(year));
            if (earlier.isEmpty()) {
                unbegun.add(year);
            } else {
                pack.add(Consistency.checkpoint(log), earlier.get().checkpoint());
                pack.add(
                        Consistency.file(log),
                        Consistency.bytes(sources.logs()
                                .of(year)
                                .consistencyProof(earlier.get().size(), log.size())));
            }
        }
    }

    private void archive() throws EvidenceException, NoteException {
        boolean any = false;
        EvidenceRecords archive = sources.archive().orElse(null);
        if (archive == null) {
            return;
        }
        for (Scope.Part part : scope.parts()) {
            SignedHead head = head(part.year());
            Optional<EvidenceRecords.Kept> kept = archive.upTo(part.year(), head.size());
            if (kept.isPresent()
                    && sources.heads()
                            .isSignedAlike(SignedHead.parse(text(kept.get().checkpoint())), head)) {
                pack.add("time/" + part.year() + ".ers", kept.get().record());
                pack.add("time/" + part.year() + ".checkpoint", kept.get().checkpoint());
                any = true;
            }
        }
        if (any) {
            pack.add(ArchivedTimes.ROOTS, pem(archive.roots()));
        }
    }

    private static byte[] pem(List<X509Certificate> chain) {
        return Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        singles.close();
        contents.close();
        oscal.close();
    }
}
