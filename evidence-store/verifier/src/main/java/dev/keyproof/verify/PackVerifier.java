package dev.keyproof.verify;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a pack, offline. The order of the checks is that of {@link Run#all}: nothing is read before what vouches for it has
 * been checked. Thread-safe; the clock matters only for packs without a time token.
 */
public final class PackVerifier {
    private final Clock clock;
    private final KnownHeads known;

    public PackVerifier(Clock clock) {
        this(clock, new KnownHeads(List.of()));
    }

    /** Also compares each log with what other packs proved of it; then used by one thread. */
    PackVerifier(Clock clock, KnownHeads known) {
        this.clock = clock;
        this.known = known;
    }

    /** Verifies a file. {@code anchor} is null where nothing but the pack is known. */
    public Verdict verify(Path pack, @Nullable TrustFile anchor, boolean allFaults) {
        return verify(pack, anchor, allFaults, entry -> {});
    }

    /** The same up to the first fault, and hands over each entry when it is proven; of a pack that is found broken then, none counts. */
    public Verdict verify(Path pack, @Nullable TrustFile anchor, Consumer<Entry> proven) {
        return verify(pack, anchor, false, proven);
    }

    private Verdict verify(Path pack, @Nullable TrustFile anchor, boolean allFaults, Consumer<Entry> proven) {
        if (!Files.isRegularFile(pack)) {
            return new Verdict.Unreadable(pack + ": no such file");
        }
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ);
                Arena arena = Arena.ofShared()) {
            MemorySegment zip = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return verify(zip, anchor, allFaults, proven);
        } catch (NoSuchFileException e) {
            return new Verdict.Unreadable(pack + ": no such file");
        } catch (IOException e) {
            return new Verdict.Unreadable(pack + ": " + e.getMessage());
        }
    }

    /** Verifies a pack in memory. */
    public Verdict verify(MemorySegment pack, @Nullable TrustFile anchor, boolean allFaults) {
        return verify(pack, anchor, allFaults, entry -> {});
    }

    private Verdict verify(MemorySegment pack, @Nullable TrustFile anchor, boolean allFaults, Consumer<Entry> proven) {
        Faults faults = new Faults(allFaults);
        Run run = new Run(faults, new Tally(pack.byteSize()), anchor, proven);
        try {
            run.all(pack);
        } catch (UnreadableException e) {
            return new Verdict.Unreadable(String.valueOf(e.getMessage()));
        } catch (BrokenPackException e) {
            return broken(faults, e.fault(), run);
        } catch (RuntimeException | StackOverflowError e) {
            return broken(faults, faults.unreadable(e), run);
        }
        Summary summary = run.tally.summary();
        if (!faults.found().isEmpty()) {
            return new Verdict.Broken(faults.found(), summary);
        }
        return anchor == null ? new Verdict.SignerUnproven(summary) : new Verdict.Proven(summary);
    }

    private static Verdict broken(Faults faults, Fault last, Run run) {
        List<Fault> found = faults.found();
        return new Verdict.Broken(found.isEmpty() ? List.of(last) : found, run.tally.summary());
    }

    /** One verification. */
    private final class Run {
        private final Faults faults;
        private final Tally tally;
        private final @Nullable TrustFile anchor;
        private final Consumer<Entry> proven;
        private final Revocations revocations = new Revocations();
        /** Since when the checkpoints are known to have been signed by the key that signed their CMS copies. */
        private final List<Optional<Instant>> checkpointsSigned = new ArrayList<>();

        Run(Faults faults, Tally tally, @Nullable TrustFile anchor, Consumer<Entry> proven) {
            this.faults = faults;
            this.tally = tally;
            this.anchor = anchor;
            this.proven = proven;
        }

        void all(MemorySegment pack) throws UnreadableException, BrokenPackException {
            CanonicalZip zip = CanonicalZip.read(pack, faults);
            byte[] manifestBytes = zip.bytes(Manifest.NAME);
            Manifest manifest = Manifest.parse(manifestBytes);
            Scope scope = Scope.of(manifest.scope());
            manifest.form().lacks().ifPresent(tally::note);
            faults.passes(() -> everyFileIsListed(zip, manifest));
            faults.passes(() -> signer(zip, manifestBytes));
            faults.passes(() -> scope.agrees(manifest, zip));
            for (Manifest.Log log : manifest.logs()) {
                faults.passes(() -> checkpoint(zip, log));
            }
            faults.passes(() -> signersWereValid(zip, signed(zip)));
            try (PackContents contents = new PackContents(scope);
                    OscalResults oscal = new OscalResults(scope)) {
                EntrySink sink = new EntrySink() {
                    @Override
                    public void entry(Entry entry, String file) {
                        contents.entry(entry, file);
                        oscal.entry(entry, file);
                        proven.accept(entry);
                    }

                    @Override
                    public void supporting(Entry entry, String file) {
                        contents.supporting(entry, file);
                        oscal.supporting(entry);
                        proven.accept(entry);
                    }
                };
                SingleRecords records = new SingleRecords(manifest.logs(), scope);
                faults.passes(() -> singleRecords(zip, scope, records, sink));
                List<Manifest.Log> inOrder = manifest.logs().stream()
                        .sorted(Comparator.comparing(Manifest.Log::path))
                        .toList();
                for (Manifest.Log log : inOrder) {
                    faults.passes(() -> entries(zip, log, scope, records, sink));
                }
                tally.contents(contents);
                Derived derived = new Derived(zip, contents, manifest.form(), faults);
                faults.passes(() -> tally.policies(derived.policies(manifest)));
                faults.passes(() -> derived.files(oscal, manifest.logs()));
                faults.passes(() -> derived.approvals(anchor == null ? TrustFile.none() : anchor, tally));
                faults.passes(() -> derived.acts(tally));
                contents.yearEnds().check(manifest.logs(), anchor == null ? TrustFile.none() : anchor, faults, tally);
            }
        }

        private void everyFileIsListed(CanonicalZip zip, Manifest manifest) throws BrokenPackException {
            for (String name : zip.files().keySet()) {
                if (!name.equals(Manifest.NAME)
                        && !name.equals(Manifest.CMS)
                        && !name.equals(Manifest.DSSE)
                        && !name.equals(ManifestTime.NAME)
                        && !manifest.files().containsKey(name)) {
                    faults.report(Fault.of(Reason.FILE_NOT_LISTED, name, "is not listed in manifest.json"));
                }
            }
            // On all processors: it is the larger part of what there is to compute.
            Map<String, String> digests = zip.files().entrySet().parallelStream()
                    .collect(Collectors.toConcurrentMap(
                            Map.Entry::getKey,
                            file -> Digests.hex(file.getValue().asByteBuffer())));
            for (var listed : manifest.files().entrySet()) {
                MemorySegment content = zip.files().get(listed.getKey());
                if (content == null) {
                    faults.report(
                            Fault.of(Reason.FILE_MISSING, listed.getKey(), "is listed in manifest.json and not there"));
                } else if (content.byteSize() != listed.getValue().size()
                        || !listed.getValue().sha256().equals(digests.get(listed.getKey()))) {
                    faults.report(
                            Fault.of(Reason.FILE_ALTERED, listed.getKey(), "is not the file that manifest.json lists"));
                }
            }
            tally.files(zip.files().size());
        }

        private void signer(CanonicalZip zip, byte[] manifest) throws BrokenPackException {
            String file = "trust/signer.pem";
            List<X509Certificate> chain = Certificates.chain(zip.bytes(file), file);
            DetachedCms.requireValid(zip.bytes(Manifest.CMS), manifest, chain, Manifest.CMS);
            ManifestDsse.requireValid(zip.bytes(Manifest.DSSE), manifest, chain.getFirst());
            Role.PACK.require(chain, file);
            requireNoLogKey(chain.getFirst(), keys(zip), file);
            tally.signer(chain);
            if (anchor != null
                    && anchor.signers().stream().noneMatch(root -> Certificates.same(root, chain.getLast()))) {
                throw BrokenPackException.of(
                        Reason.SIGNER_UNTRUSTED,
                        file,
                        "signed by " + Certificates.name(chain.getFirst()) + " under "
                                + Certificates.name(chain.getLast()) + ", which the trust file does not name");
            }
        }

        /** A key that signs heads must not sign packs as well: whoever had the one could do the other. */
        private void requireNoLogKey(X509Certificate signer, List<NoteVerifier> carried, String file)
                throws BrokenPackException {
            List<NoteVerifier> logKeys = new ArrayList<>(carried);
            if (anchor != null) {
                anchor.logKeys().forEach(known -> logKeys.add(known.verifier()));
            }
            byte[] key = signer.getPublicKey().getEncoded();
            if (logKeys.stream().anyMatch(one -> Arrays.equals(one.key().getEncoded(), key))) {
                throw BrokenPackException.of(
                        Reason.SIGNER_IS_LOG_KEY,
                        file,
                        "the key of " + Certificates.name(signer) + " is a key of a log: it may not sign packs");
            }
        }

        private void checkpoint(CanonicalZip zip, Manifest.Log log) throws BrokenPackException {
            LogCheck check = new LogCheck(zip, log, keys(zip), anchor, known);
            List<String> signers = check.checkpoint();
            CheckpointCms.requireValid(zip, log, keys(zip));
            TimeToken time = time(zip, log);
            if (zip.has(log.path() + "/" + CheckpointCms.NAME)) {
                checkpointsSigned.add(Optional.ofNullable(time).map(TimeToken::time));
            }
            tally.log(log, signers, time);
            check.witnesses().forEach(tally::note);
            ArchivedTimes.check(zip, log, check, anchor).ifPresent(tally::note);
        }

        private @Nullable TimeToken time(CanonicalZip zip, Manifest.Log log) throws BrokenPackException {
            String name = "time/" + log.path().substring(log.path().lastIndexOf('/') + 1);
            if (!zip.has(name + ".tsr") && !zip.has(name + ".tsq")) {
                tally.note("No time-stamp authority vouches for when " + log.origin() + " had this size.");
                return null;
            }
            String file = "trust/tsa.pem";
            List<X509Certificate> chain = timeStamper(zip, file);
            TimeToken time = TimeToken.verify(
                    zip.bytes(name + ".tsq"),
                    zip.bytes(name + ".tsr"),
                    zip.bytes(log.path() + "/checkpoint"),
                    chain,
                    name + ".tsr");
            revocations.stamped(file, chain, time.time());
            return time;
        }

        private List<X509Certificate> timeStamper(CanonicalZip zip, String file) throws BrokenPackException {
            List<X509Certificate> chain = Certificates.chain(zip.bytes(file), file);
            if (anchor != null
                    && anchor.timeStampers().stream().noneMatch(root -> Certificates.same(root, chain.getLast()))) {
                throw BrokenPackException.of(
                        Reason.TIME_AUTHORITY_UNTRUSTED,
                        file,
                        "ends in " + Certificates.name(chain.getLast()) + ", which the trust file does not name");
            }
            return chain;
        }

        /** When the manifest's signature existed; empty where nobody vouches for a time. */
        private Optional<Instant> signed(CanonicalZip zip) throws BrokenPackException {
            if (!zip.has(ManifestTime.NAME)) {
                tally.note("No time-stamp authority vouches for when the pack was signed:"
                        + " once its signer's certificate has ended, it proves nothing.");
                return Optional.empty();
            }
            List<X509Certificate> authority = timeStamper(zip, ManifestTime.CHAIN);
            TimeToken time = ManifestTime.verify(zip.bytes(ManifestTime.NAME), zip.bytes(Manifest.CMS), authority);
            revocations.stamped(ManifestTime.CHAIN, authority, time.time());
            tally.signed(time);
            return Optional.of(time.time());
        }

        /**
         * The signature over the manifest covers the log signer's, whose file the manifest lists. One without a time was made just
         * now.
         */
        private void signersWereValid(CanonicalZip zip, Optional<Instant> signed) throws BrokenPackException {
            Instant time = signed.orElseGet(clock::instant);
            String file = "trust/signer.pem";
            List<X509Certificate> chain = Certificates.chain(zip.bytes(file), file);
            Certificates.requireValid(chain, time, Role.PACK, file);
            revocations.signed(file, chain, time);
            if (zip.has(CheckpointCms.CHAIN)) {
                List<X509Certificate> log = Certificates.chain(zip.bytes(CheckpointCms.CHAIN), CheckpointCms.CHAIN);
                Certificates.requireValid(log, time, Role.LOG, CheckpointCms.CHAIN);
                for (Optional<Instant> existed : checkpointsSigned) {
                    revocations.signed(CheckpointCms.CHAIN, log, existed.orElse(time));
                }
            }
            revocations.check(zip, signed, tally);
        }

        private void entries(CanonicalZip zip, Manifest.Log log, Scope scope, SingleRecords records, EntrySink sink)
                throws BrokenPackException {
            Optional<Scope.Part> part = scope.isOfRecords() ? Optional.empty() : scope.of(log);
            if (part.isPresent()) {
                records.handOn(log, log.from(), sink);
                LogCheck check = new LogCheck(zip, log, keys(zip), anchor, known);
                String archived = ArchivedTimes.checkpoint(log);
                if (zip.has(archived)) {
                    check.continues(archived);
                }
                check.tilesAndEntries(part.get(), faults, sink);
            } else {
                for (String surplus : zip.under(log.path() + "/tile")) {
                    faults.report(Fault.of(Reason.TILE_SURPLUS, surplus, "does not belong beside single records"));
                }
            }
            records.handOn(log, Long.MAX_VALUE, sink);
        }

        private void singleRecords(CanonicalZip zip, Scope scope, SingleRecords records, EntrySink sink)
                throws BrokenPackException {
            if (zip.has(SingleRecords.NAME)) {
                records.verify(zip.segment(SingleRecords.NAME), sink, faults);
            }
            scope.period()
                    .ifPresent(period -> tally.note("The pack says that its entries are those of the time from "
                            + period.since() + " on"
                            + period.until().map(end -> " to " + end).orElse("")
                            + " by the clock of the service that sealed them: nothing here proves it."));
            for (Scope.Part part : scope.parts()) {
                part.to()
                        .ifPresent(end -> tally.note("Of " + part.path() + " it carries the entries from " + part.from()
                                + " to " + (end - 1) + ", and none after these."));
                if (part.from() > 0 && !zip.has(part.path() + "/checkpoint.from")) {
                    tally.note("No checkpoint from before entry " + part.from() + " of " + part.path()
                            + " is here: that the log continues what was signed earlier is not proven.");
                }
            }
            if (scope.isOfRecords()) {
                tally.note(records.note());
            }
        }

        private List<NoteVerifier> keys(CanonicalZip zip) throws BrokenPackException {
            String file = "trust/log.vkey";
            List<NoteVerifier> keys = new ArrayList<>();
            for (String line :
                    new String(zip.bytes(file), StandardCharsets.UTF_8).lines().toList()) {
                try {
                    keys.add(NoteVerifier.parse(line));
                } catch (NoteException e) {
                    throw BrokenPackException.of(Reason.LOG_KEY_FORM, file, e);
                }
            }
            return keys;
        }
    }
}
