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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a pack, offline. The order of the checks is that of {@link Run#all}: nothing is read before what vouches for it has
 * been checked. Thread-safe; the clock matters only for packs without a time token.
 */
public final class PackVerifier {
    private final Clock clock;

    public PackVerifier(Clock clock) {
        this.clock = clock;
    }

    /** Verifies a file. {@code anchor} is null where nothing but the pack is known. */
    public Verdict verify(Path pack, @Nullable TrustFile anchor, boolean allFaults) {
        if (!Files.isRegularFile(pack)) {
            return new Verdict.Unreadable(pack + ": no such file");
        }
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment zip = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return verify(zip, anchor, allFaults);
        } catch (NoSuchFileException e) {
            return new Verdict.Unreadable(pack + ": no such file");
        } catch (IOException e) {
            return new Verdict.Unreadable(pack + ": " + e.getMessage());
        }
    }

    /** Verifies a pack in memory. */
    public Verdict verify(MemorySegment pack, @Nullable TrustFile anchor, boolean allFaults) {
        Faults faults = new Faults(allFaults);
        Run run = new Run(faults, new Tally(pack.byteSize()), anchor);
        try {
            run.all(pack);
        } catch (UnreadableException e) {
            return new Verdict.Unreadable(String.valueOf(e.getMessage()));
        } catch (BrokenPackException e) {
            List<Fault> found = faults.found();
            return new Verdict.Broken(found.isEmpty() ? List.of(e.fault()) : found, run.tally.summary());
        }
        Summary summary = run.tally.summary();
        if (!faults.found().isEmpty()) {
            return new Verdict.Broken(faults.found(), summary);
        }
        return anchor == null ? new Verdict.SignerUnproven(summary) : new Verdict.Proven(summary);
    }

    /** One verification. */
    private final class Run {
        private final Faults faults;
        private final Tally tally;
        private final @Nullable TrustFile anchor;

        Run(Faults faults, Tally tally, @Nullable TrustFile anchor) {
            this.faults = faults;
            this.tally = tally;
            this.anchor = anchor;
        }

        void all(MemorySegment pack) throws UnreadableException, BrokenPackException {
            CanonicalZip zip = CanonicalZip.read(pack, faults);
            byte[] manifestBytes = zip.bytes(Manifest.NAME);
            Manifest manifest = Manifest.parse(manifestBytes);
            faults.passes(() -> everyFileIsListed(zip, manifest));
            faults.passes(() -> signer(zip, manifestBytes));
            for (Manifest.Log log : manifest.logs()) {
                faults.passes(() -> checkpoint(zip, log));
            }
            faults.passes(() -> signerIsValidAtItsTime(zip));
            PackContents contents = new PackContents();
            for (Manifest.Log log : manifest.logs()) {
                faults.passes(() -> entries(zip, log, contents));
            }
            faults.passes(() -> singleRecords(zip, manifest, contents));
            faults.passes(() -> whatFollowsFromTheEntries(zip, contents));
            faults.passes(() -> policies(zip, manifest, contents));
            faults.passes(() -> approvals(contents));
            tally.contents(contents);
        }

        private void everyFileIsListed(CanonicalZip zip, Manifest manifest) throws BrokenPackException {
            for (String name : zip.files().keySet()) {
                if (!name.equals(Manifest.NAME)
                        && !name.equals(Manifest.CMS)
                        && !name.equals(Manifest.DSSE)
                        && !manifest.files().containsKey(name)) {
                    faults.report(Fault.of(name, "is not listed in manifest.json"));
                }
            }
            for (var listed : manifest.files().entrySet()) {
                MemorySegment content = zip.files().get(listed.getKey());
                if (content == null) {
                    faults.report(Fault.of(listed.getKey(), "is listed in manifest.json and not there"));
                } else if (content.byteSize() != listed.getValue().size()
                        || !Digests.hex(content.asByteBuffer())
                                .equals(listed.getValue().sha256())) {
                    faults.report(Fault.of(listed.getKey(), "is not the file that manifest.json lists"));
                }
            }
            tally.files(zip.files().size());
        }

        private void signer(CanonicalZip zip, byte[] manifest) throws BrokenPackException {
            String file = "trust/signer.pem";
            List<X509Certificate> chain = Certificates.chain(zip.bytes(file), file);
            DetachedCms.requireValid(zip.bytes(Manifest.CMS), manifest, chain, Manifest.CMS);
            ManifestDsse.requireValid(zip.bytes(Manifest.DSSE), manifest, chain.getFirst());
            tally.signer(chain);
            if (anchor != null
                    && anchor.signers().stream().noneMatch(root -> Certificates.same(root, chain.getLast()))) {
                throw BrokenPackException.of(
                        file,
                        "signed by " + Certificates.name(chain.getFirst()) + " under "
                                + Certificates.name(chain.getLast()) + ", which the trust file does not name");
            }
        }

        private void checkpoint(CanonicalZip zip, Manifest.Log log) throws BrokenPackException {
            LogCheck check = new LogCheck(zip, log, keys(zip));
            List<String> signers = check.checkpoint(anchor == null ? TrustFile.none() : anchor, anchor != null);
            CheckpointCms.requireValid(zip, log, keys(zip));
            TimeToken time = time(zip, log);
            tally.log(log, signers, time);
            ArchivedTimes.check(zip, log, check, anchor).ifPresent(tally::note);
        }

        private @Nullable TimeToken time(CanonicalZip zip, Manifest.Log log) throws BrokenPackException {
            String name = "time/" + log.path().substring(log.path().lastIndexOf('/') + 1);
            if (!zip.has(name + ".tsr") && !zip.has(name + ".tsq")) {
                tally.note("No time-stamp authority vouches for when " + log.origin() + " had this size.");
                return null;
            }
            String file = "trust/tsa.pem";
            List<X509Certificate> chain = Certificates.chain(zip.bytes(file), file);
            if (anchor != null
                    && anchor.timeStampers().stream().noneMatch(root -> Certificates.same(root, chain.getLast()))) {
                throw BrokenPackException.of(
                        file, "ends in " + Certificates.name(chain.getLast()) + ", which the trust file does not name");
            }
            return TimeToken.verify(
                    zip.bytes(name + ".tsq"),
                    zip.bytes(name + ".tsr"),
                    zip.bytes(log.path() + "/checkpoint"),
                    chain,
                    name + ".tsr");
        }

        private void signerIsValidAtItsTime(CanonicalZip zip) throws BrokenPackException {
            String file = "trust/signer.pem";
            Certificates.requireValid(Certificates.chain(zip.bytes(file), file), tally.latest(clock), file);
            if (zip.has(CheckpointCms.CHAIN)) {
                Certificates.requireValid(
                        Certificates.chain(zip.bytes(CheckpointCms.CHAIN), CheckpointCms.CHAIN),
                        tally.latest(clock),
                        CheckpointCms.CHAIN);
            }
        }

        private void entries(CanonicalZip zip, Manifest.Log log, PackContents contents) throws BrokenPackException {
            if (zip.has(SingleRecords.NAME)) {
                return;
            }
            LogCheck check = new LogCheck(zip, log, keys(zip));
            String archived = ArchivedTimes.checkpoint(log);
            if (zip.has(archived)) {
                check.continues(archived);
            }
            check.tilesAndEntries(faults, contents::entry);
        }

        private void singleRecords(CanonicalZip zip, Manifest manifest, PackContents contents)
                throws BrokenPackException {
            if (zip.has(SingleRecords.NAME)) {
                SingleRecords.verify(zip.bytes(SingleRecords.NAME), manifest.logs(), faults, contents::entry);
                tally.note("Single records: the pack proves that they were sealed, not that there are no others.");
            }
        }

        private void whatFollowsFromTheEntries(CanonicalZip zip, PackContents contents) throws BrokenPackException {
            var derived = contents.files();
            for (var file : derived.entrySet()) {
                byte[] carried = zip.bytesOrNull(file.getKey());
                if (carried == null) {
                    faults.report(Fault.of(file.getKey(), "follows from the entries and is not there"));
                } else if (!Arrays.equals(carried, file.getValue())) {
                    int differs = Arrays.mismatch(carried, file.getValue());
                    faults.report(Fault.at(file.getKey(), "byte " + differs, "is not what follows from the entries"));
                }
            }
            for (String folder : List.of("approvals", "keys")) {
                for (String name : zip.under(folder)) {
                    if (!derived.containsKey(name)) {
                        faults.report(Fault.of(name, "no entry of the pack speaks of it"));
                    }
                }
            }
        }

        private void policies(CanonicalZip zip, Manifest manifest, PackContents contents) throws BrokenPackException {
            java.util.Set<String> policies = new java.util.TreeSet<>();
            java.util.Set<String> dataSets = new java.util.TreeSet<>();
            for (String name : zip.under("policy")) {
                try {
                    PolicyBundle bundle = PolicyBundle.read(zip.bytes(name));
                    if (!name.equals("policy/" + bundle.digest().substring("sha256:".length()) + ".tar.gz")) {
                        faults.report(Fault.of(name, "is not the bundle whose digest it is named by"));
                    }
                    policies.add(bundle.digest());
                    if (bundle.dataDigest() != null) {
                        dataSets.add(bundle.dataDigest());
                    }
                } catch (IOException e) {
                    faults.report(Fault.of(name, "not a policy bundle: " + e.getMessage()));
                }
            }
            if (!List.copyOf(policies).equals(manifest.policies())) {
                faults.report(Fault.at(Manifest.NAME, "policies", "does not list what is in policy/"));
            }
            for (var cited : contents.policies().entrySet()) {
                if (!policies.contains(cited.getKey())) {
                    faults.report(cited.getValue());
                }
            }
            for (var cited : contents.dataSets().entrySet()) {
                if (!dataSets.contains(cited.getKey())) {
                    faults.report(cited.getValue());
                }
            }
            tally.policies(policies.size());
        }

        private void approvals(PackContents contents) throws BrokenPackException {
            for (Approval approval : contents.approvals().values()) {
                faults.passes(() -> tally.approval(
                        approval.verify(contents.enrolled(), anchor == null ? TrustFile.none() : anchor)));
            }
        }

        private List<NoteVerifier> keys(CanonicalZip zip) throws BrokenPackException {
            String file = "trust/log.vkey";
            List<NoteVerifier> keys = new java.util.ArrayList<>();
            for (String line :
                    new String(zip.bytes(file), StandardCharsets.UTF_8).lines().toList()) {
                try {
                    keys.add(NoteVerifier.parse(line));
                } catch (NoteException e) {
                    throw BrokenPackException.of(file, e);
                }
            }
            return keys;
        }
    }
}
