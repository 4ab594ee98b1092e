package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.KeptHeads;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.head.RevocationLists;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.Supports;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.LogException;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds packs, one at a time, and has each verified against the trust file before it is handed out. Thread-safe. */
public final class PackBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(PackBuilder.class);

    /** Of the disk, in bytes: what is left to the log beside a pack, and what an entry is taken to need in it. */
    private static final long ROOM = 256L << 20;

    private static final long ENTRY = 4096;

    private final Path folder;
    private final String name;
    private final PackHeads heads;
    private final PackAssembly.Sources sources;
    private final PackScopes scopes;
    private final TrustFiles trusts;
    private final Supplier<String> remote;
    private final Clock clock;

    /** Packs go to {@code folder}; {@code packStamper} stamps their signatures, {@code revocations} says who must not sign, {@code remote} what is not proven of the copy. */
    public PackBuilder(
            Path folder,
            String name,
            YearLogs logs,
            DroppedYears dropped,
            Supports supports,
            HeadPublisher heads,
            KeptHeads kept,
            Witnesses witnesses,
            @Nullable TimeStamper stamper,
            @Nullable EvidenceRecords archive,
            PackIdentity identity,
            CheckpointCms cms,
            Artifacts artifacts,
            TrustFiles trusts,
            Optional<PackWriter.Stamper> packStamper,
            RevocationLists revocations,
            Supplier<String> remote,
            Clock clock) {
        this.folder = folder;
        this.name = name;
        this.heads = new PackHeads(dropped, heads, kept, witnesses, trusts.witnesses(), stamper, identity);
        this.sources = new PackAssembly.Sources(
                new PackLogs(logs, dropped),
                supports,
                this.heads,
                Optional.ofNullable(archive),
                identity,
                cms,
                artifacts,
                packStamper,
                new PackRevocations(revocations, clock));
        this.scopes = new PackScopes(logs, kept, supports.cases());
        this.trusts = trusts;
        this.remote = remote;
        this.clock = clock;
    }

    /** A pack on disk, proven, with its trust file. */
    public record Built(Path pack, Path trust, long size, Verdict.Proven verdict) {}

    /** Builds a pack, after those asked for before; {@code progress} is told how far it is. */
    public synchronized Built build(PackRequest request, PackProgress progress) throws EvidenceException {
        Scope scope = scopes.of(request);
        SortedMap<Integer, PackHeads.Head> signed = new TreeMap<>();
        for (Scope.Part part : scope.parts()) {
            PackHeads.Head head = heads.newest(part.year());
            long size = head.signed().size();
            if (Math.max(part.from(), part.to().orElse(0)) > size) {
                throw new EvidenceException("the log of " + part.year() + " ends at " + size + ", before entry "
                        + Math.max(part.from(), part.to().orElse(0)));
            }
            signed.put(part.year(), head);
        }
        String base = name(scope, signed);
        Path fresh = folder.resolve(base + ".zip.new");
        progress.begun(base);
        try {
            Files.createDirectories(folder);
            requireRoom(signed);
            Path pack = folder.resolve(base + ".zip");
            Path trust = folder.resolve(base + ".trust");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh));
                    PackAssembly assembly = new PackAssembly(sources, scope, signed, progress)) {
                assembly.write(
                        facts -> new PackTexts(
                                scope, facts, sources.packStamper().isPresent(), trusts.witnesses(), remote.get()),
                        out);
            }
            TrustFile anchor = trusts.of(signed.keySet());
            Verdict verdict = new PackVerifier(clock).verify(fresh, anchor, false);
            if (!(verdict instanceof Verdict.Proven proven)) {
                throw new EvidenceException("the pack was not handed out, for it does not verify: " + verdict);
            }
            for (Scope.Part part : scope.parts()) {
                heads.keep(part.year(), Objects.requireNonNull(signed.get(part.year())));
            }
            DurableFiles.write(trust, anchor.text().getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, pack, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.sync(folder);
            LOG.info(
                    "event=pack-built pack={} entries={} supporting={}",
                    pack,
                    proven.summary().entries(),
                    proven.summary().supporting());
            return new Built(pack, trust, size(scope, signed), proven);
        } catch (IOException | LogException | GeneralSecurityException | BrokenPackException e) {
            throw new EvidenceException("the pack was not built: " + e.getMessage(), e);
        } finally {
            removeUnfinished(fresh);
        }
    }

    private static void removeUnfinished(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            LOG.warn("event=pack-not-removed file={} reason=\"{}\"", fresh, e.getMessage());
        }
    }

    /** A pack must not take the room that the log needs: then nothing would be sealed any more. */
    private void requireRoom(SortedMap<Integer, PackHeads.Head> signed) throws IOException {
        long entries =
                signed.values().stream().mapToLong(head -> head.signed().size()).sum();
        long needed = ROOM + entries * ENTRY;
        if (Files.getFileStore(folder).getUsableSpace() < needed) {
            throw new IOException("there is too little room at " + folder + ": " + needed + " bytes are asked for");
        }
    }

    private String name(Scope scope, SortedMap<Integer, PackHeads.Head> signed) {
        Scope.Part first = scope.parts().getFirst();
        Scope.Part last = scope.parts().getLast();
        String years = first.year() + (scope.parts().size() > 1 ? "-to-" + last.year() : "");
        return name + "-" + years + "-" + first.from() + "-" + last.end(size(scope, signed))
                + scope.subject().map(PackBuilder::name).orElse("")
                + scope.framework().map(framework -> "-on-" + plain(framework)).orElse("");
    }

    private static String name(Scope.Subject subject) {
        String kind = subject.kind() == Scope.Subject.Kind.KEY
                ? "-"
                : "-" + subject.kind().word() + "-";
        return kind + plain(subject.id());
    }

    private static String plain(String id) {
        return id.replaceAll("[^A-Za-z0-9]", "_");
    }

    private static long size(Scope scope, SortedMap<Integer, PackHeads.Head> signed) {
        return Objects.requireNonNull(signed.get(scope.parts().getLast().year()))
                .signed()
                .size();
    }
}
