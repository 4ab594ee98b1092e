package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.verify.ArchivedTimes;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.KeyRecords;
import dev.keyproof.verify.LogFiles;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.SingleRecords;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds packs, one at a time, and has each verified against the trust file before it is handed out. Thread-safe. */
public final class PackBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(PackBuilder.class);
    private static final int READ = 256;

    private final Path folder;
    private final String name;
    private final YearLogs logs;
    private final PackHeads heads;
    private final TrustFiles trusts;
    private final @Nullable TimeStamper stamper;
    private final @Nullable EvidenceRecords archive;
    private final PackIdentity identity;
    private final CheckpointCms cms;
    private final Artifacts artifacts;
    private final Optional<PackWriter.Stamper> packStamper;
    private final Supplier<String> remote;
    private final Clock clock;

    /** Packs go to {@code folder}; {@code packStamper} stamps their signatures, {@code remote} says what is not proven of the copy. */
    public PackBuilder(
            Path folder,
            String name,
            YearLogs logs,
            HeadPublisher heads,
            Witnesses witnesses,
            @Nullable TimeStamper stamper,
            @Nullable EvidenceRecords archive,
            PackIdentity identity,
            CheckpointCms cms,
            Artifacts artifacts,
            TrustFiles trusts,
            Optional<PackWriter.Stamper> packStamper,
            Supplier<String> remote,
            Clock clock) {
        this.folder = folder;
        this.name = name;
        this.logs = logs;
        this.heads = new PackHeads(heads, witnesses, trusts.witnesses(), stamper);
        this.trusts = trusts;
        this.stamper = stamper;
        this.archive = archive;
        this.identity = identity;
        this.cms = cms;
        this.artifacts = artifacts;
        this.packStamper = packStamper;
        this.remote = remote;
        this.clock = clock;
    }

    /** A pack on disk, proven, with its trust file. */
    public record Built(Path pack, Path trust, long size, Verdict.Proven verdict) {}

    /** Builds a pack. */
    public synchronized Built build(PackRequest request) throws EvidenceException {
        PackHeads.Head head = heads.newest(request.year());
        if (request.from() > head.signed().size()) {
            throw new EvidenceException("the log ends at " + head.signed().size() + ", before entry " + request.from());
        }
        try {
            Files.createDirectories(folder);
            String base = name + "-" + request.year() + "-" + request.from() + "-"
                    + head.signed().size()
                    + request.key()
                            .map(key -> "-" + key.replaceAll("[^A-Za-z0-9]", "_"))
                            .orElse("");
            Path fresh = folder.resolve(base + ".zip.new");
            Path pack = folder.resolve(base + ".zip");
            Path trust = folder.resolve(base + ".trust");
            TrustFile anchor = trusts.of(request.year());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
                write(request, head, out);
            }
            Verdict verdict = new PackVerifier(clock).verify(fresh, anchor, false);
            if (!(verdict instanceof Verdict.Proven proven)) {
                throw new EvidenceException("the pack was not handed out, for it does not verify: " + verdict);
            }
            DurableFiles.write(trust, anchor.text().getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, pack, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.sync(folder);
            LOG.info(
                    "event=pack-built pack={} entries={}",
                    pack,
                    proven.summary().entries());
            return new Built(pack, trust, head.signed().size(), proven);
        } catch (IOException | LogException | GeneralSecurityException | BrokenPackException e) {
            throw new EvidenceException("the pack was not built: " + e.getMessage(), e);
        }
    }

    private void write(PackRequest request, PackHeads.Head head, OutputStream out)
            throws EvidenceException, IOException, LogException, GeneralSecurityException, BrokenPackException {
        PackWriter pack = new PackWriter();
        PackContents contents = new PackContents();
        OscalResults oscal = new OscalResults();
        String path = "log/" + request.year();
        long size = head.signed().size();
        pack.add(path + "/checkpoint", head.checkpoint());
        pack.add(path + "/" + CheckpointCms.NAME, cms.over(request.year(), head.checkpoint()));
        pack.add(
                "trust/log-signer.pem",
                Certificates.pem(cms.chain(head.checkpoint())).getBytes(StandardCharsets.US_ASCII));
        if (request.key().isPresent()) {
            records(request, size, pack, contents, oscal);
        } else {
            range(request, path, head.signed(), pack, contents, oscal);
        }
        contents.files().forEach(pack::add);
        List<String> policies = PackPolicies.add(artifacts, contents, pack);
        Manifest.Log log = new Manifest.Log(
                head.signed().checkpoint().origin(),
                path,
                request.key().isPresent() ? 0 : request.from(),
                size,
                head.signed().checkpoint().root().bytes());
        oscal.document(request.scope(), log, policies).ifPresent(document -> pack.add(OscalResults.NAME, document));
        StringBuilder keys = new StringBuilder();
        for (NoteVerifier key : identity.signersOf(head.signed())) {
            keys.append(key.vkey()).append('\n');
        }
        pack.add("trust/log.vkey", keys.toString().getBytes(StandardCharsets.UTF_8));
        if (head.stamped() != null) {
            pack.add("time/" + request.year() + ".tsq", head.stamped().request());
            pack.add("time/" + request.year() + ".tsr", head.stamped().answer());
            pack.add("trust/tsa.pem", Certificates.pem(head.stamped().chain()).getBytes(StandardCharsets.US_ASCII));
        }
        if (archive != null) {
            archive(archive, request.year(), head.signed(), pack);
        }
        PackTexts texts = new PackTexts(
                request,
                head.signed(),
                head.stamped() != null,
                packStamper.isPresent(),
                trusts.witnesses(),
                remote.get(),
                contents,
                policies.size(),
                oscal.observations());
        pack.add("VERIFY.md", texts.verify());
        pack.add("NOT-PROVEN.md", texts.notProven());
        pack.add("report.html", texts.report());
        pack.add(VerifyPage.NAME, VerifyPage.bytes());
        pack.writeTo(out, request.scope().json(), List.of(log), policies, identity, packStamper);
    }

    private void archive(EvidenceRecords archive, int year, SignedHead head, PackWriter pack)
            throws EvidenceException, NoteException {
        Optional<EvidenceRecords.Kept> kept = archive.upTo(year, head.size());
        if (kept.isPresent() && signedAlike(SignedHead.parse(text(kept.get().checkpoint())), head)) {
            pack.add("time/" + year + ".ers", kept.get().record());
            pack.add("time/" + year + ".checkpoint", kept.get().checkpoint());
            pack.add(ArchivedTimes.ROOTS, Certificates.pem(archive.roots()).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Signed by keys since rolled over, an older head could not be checked with those of this pack. */
    private boolean signedAlike(SignedHead older, SignedHead head) throws EvidenceException {
        return identity.signersOf(older).containsAll(identity.signersOf(head));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private void range(
            PackRequest request,
            String path,
            SignedHead head,
            PackWriter pack,
            PackContents contents,
            OscalResults oscal)
            throws LogException, BrokenPackException, EvidenceException {
        long size = head.size();
        TileFolder tiles = new TileFolder(logs.folder(request.year()));
        List<TilePath> all = new ArrayList<>(LogFiles.tiles(size));
        all.addAll(LogFiles.bundles(request.from(), size));
        for (TilePath tile : all) {
            pack.add(path + "/" + tile.path(), () -> {
                try {
                    return new ByteArrayInputStream(tiles.read(tile));
                } catch (LogException e) {
                    throw new IOException(e.getMessage(), e);
                }
            });
        }
        if (stamper != null && request.from() > 0) {
            Optional<TimeStamper.Stamped> from = stamper.at(request.year(), request.from());
            if (from.isPresent() && signedAlike(from.get().head(), head)) {
                pack.add(path + "/checkpoint.from", from.get().checkpoint());
            }
        }
        each(request.year(), request.from(), size, entry -> {
            contents.entry(entry, path);
            oscal.entry(
                    entry,
                    path + "/"
                            + TilePath.in(TilePath.ENTRIES, entry.index() / TilePath.WIDTH, size)
                                    .path());
        });
    }

    private void records(PackRequest request, long size, PackWriter pack, PackContents contents, OscalResults oscal)
            throws LogException, BrokenPackException, EvidenceException {
        KeyRecords wanted = new KeyRecords(request.key().orElseThrow());
        SealedLog log = log(request.year());
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        each(request.year(), 0, size, entry -> {
            if (wanted.holds(entry)) {
                InclusionProof proof = log.inclusionProof(entry.index(), size);
                records.writeBytes(SingleRecords.line(entry, proof));
                contents.entry(entry, SingleRecords.NAME);
                oscal.entry(entry, SingleRecords.NAME);
            }
        });
        pack.add(SingleRecords.NAME, records.toByteArray());
    }

    private interface EachEntry {
        void take(Entry entry) throws LogException, BrokenPackException;
    }

    private void each(int year, long from, long size, EachEntry each)
            throws LogException, BrokenPackException, EvidenceException {
        SealedLog log = log(year);
        long index = from;
        while (index < size) {
            List<byte[]> read = log.read(index, (int) Math.min(READ, size - index));
            if (read.isEmpty()) {
                throw new EvidenceException("the log of " + year + " ends at " + index + ", before its signed size");
            }
            for (byte[] bytes : read) {
                each.take(new Entry("log/" + year, index, bytes));
                index++;
            }
        }
    }

    private SealedLog log(int year) throws EvidenceException {
        SealedLog log = logs.all().get(year);
        if (log == null) {
            throw new EvidenceException("there is no log of " + year);
        }
        return log;
    }
}
