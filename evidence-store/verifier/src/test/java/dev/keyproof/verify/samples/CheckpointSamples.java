package dev.keyproof.verify.samples;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.WitnessPolicy;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRanges;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingWitness;
import dev.keyproof.verify.testing.TestingYearEnd;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Heads of the log that somebody else signed, or that are of another log. */
final class CheckpointSamples {
    private static final String FILE = "log/2026/checkpoint";
    private static final String PROOF = "log/2026/consistency.json";
    private static final String KEYS = "trust/log.vkey";
    private static final Hash NOTHING = Hash.of(new byte[32]);

    private final Samples samples;
    private final TestingPack testing;
    private final TestingWitness witness = new TestingWitness("w.example/one");

    CheckpointSamples(Samples samples) {
        this.samples = samples;
        this.testing = samples.testing;
    }

    List<Sample> all() {
        return List.of(
                yearThatEndedOtherwise(),
                noKeys(),
                keysOfAnotherLog(),
                keysOfStrangers(),
                keysThatHandedOver(),
                copyByThePackSigner(),
                copyUnderAnotherRoot(),
                noCheckpoint(),
                unsignedByOneKey(),
                signaturesOfAnother(),
                ofAnotherSize(),
                fromAnotherEntry(),
                forked(),
                noConsistency(),
                consistencyOfNoForm(),
                consistencyWithAnother(),
                cosignatureOfAnother(),
                cosignedByNobody());
    }

    private Sample noKeys() {
        return samples.bent(
                Reason.LOG_KEY_FORM,
                "trust/log.vkey: a verifier key is name+hexid+base64: nonsense",
                files -> files.put(KEYS, Samples.bytes("nonsense\n")));
    }

    private Sample keysOfAnotherLog() {
        return samples.bent(
                Reason.LOG_KEY_MISSING,
                "trust/log.vkey: has no key of the log keyproof/log/test/2026",
                files -> files.put(KEYS, Samples.bytes(anotherLogs() + "\n")));
    }

    private Sample keysOfStrangers() {
        return new Sample(
                Reason.LOG_KEY_UNTRUSTED,
                samples.sound(),
                samples.trust(testing.trust().logKeys().subList(0, 1)),
                "trust/log.vkey: the trust file does not name this key of the log: keyproof/log/test/2026+");
    }

    private Sample keysThatHandedOver() {
        List<LogKey> ended = testing.verifiers().stream()
                .map(key -> new LogKey(key, Samples.SIZE - 1))
                .toList();
        return new Sample(
                Reason.LOG_KEY_RETIRED,
                samples.sound(),
                samples.trust(ended),
                "log/2026/checkpoint: of 300 entries is signed by keys alone that had handed over to others at 299");
    }

    private Sample copyByThePackSigner() {
        return copied(
                Reason.LOG_SIGNER_ROLE,
                testing.signer.chainOf("Test log", testing.logKey(), Role.PACK),
                "trust/log-signer.pem: the certificate of Test log may not sign a log's checkpoints:"
                        + " it lacks the policy " + Role.LOG.policy());
    }

    private Sample copyUnderAnotherRoot() {
        return copied(
                Reason.LOG_SIGNER,
                TestingAuthority.signer("Somebody").chainOf("Other", testing.logKey(), Role.LOG),
                "trust/log-signer.pem: ends in another root than trust/signer.pem");
    }

    private Sample noCheckpoint() {
        return samples.bent(
                Reason.CHECKPOINT_FORM,
                "log/2026/checkpoint: a note is text, a blank line, and lines of signatures",
                files -> files.put(FILE, Samples.bytes("nonsense\n")));
    }

    private Sample unsignedByOneKey() {
        return samples.bent(
                Reason.CHECKPOINT_UNSIGNED, "log/2026/checkpoint: not signed by every key of the log", files -> {
                    String note = text(files);
                    files.put(FILE, Samples.bytes(note.substring(0, note.lastIndexOf('\u2014'))));
                });
    }

    private Sample signaturesOfAnother() {
        return samples.bent(
                Reason.CHECKPOINT_FALSE,
                "log/2026/checkpoint: the signature of keyproof/log/test/2026 does not verify",
                files -> {
                    String note = text(files);
                    String other = new String(testing.checkpoint(299, NOTHING), StandardCharsets.UTF_8);
                    files.put(
                            FILE,
                            Samples.bytes(
                                    note.substring(0, note.indexOf("\n\n")) + other.substring(other.indexOf("\n\n"))));
                });
    }

    private Sample ofAnotherSize() {
        return samples.bent(
                Reason.CHECKPOINT_DIFFERS,
                "log/2026/checkpoint: states another origin, size or root than manifest.json",
                files -> files.put(FILE, testing.checkpoint(299, NOTHING)));
    }

    private Sample fromAnotherEntry() {
        return carriedFrom(
                Reason.CHECKPOINT_NOT_EARLIER,
                testing.checkpoint(
                        21, TestingRecords.range(samples.entries.subList(0, 21)).root()),
                "log/2026/checkpoint.from: is of 21 entries, and the scope begins at entry 20");
    }

    /** What was a head of the log at entry 20 is none of the log that the pack holds, and the same keys signed both. */
    private Sample forked() {
        return carriedFrom(
                Reason.LOG_FORKED,
                testing.checkpoint(20, NOTHING),
                "log/2026/checkpoint.from: the log at its end is not a continuation of this checkpoint");
    }

    private Sample cosignatureOfAnother() {
        return witnessed(
                Reason.COSIGNATURE_FALSE,
                "log/2026/checkpoint: the signature of w.example/one does not verify",
                files -> testing.cosign(files, witness.over(testing.checkpoint(7, NOTHING))));
    }

    private Sample cosignedByNobody() {
        return witnessed(
                Reason.TOO_FEW_WITNESSES,
                "log/2026/checkpoint: cosigned by 0 of the 1 witnesses that the trust file names, of which it wants 1",
                files -> {});
    }

    private Sample witnessed(Reason reason, String says, Consumer<Map<String, byte[]>> bend) {
        TrustFile wants = new TrustFile(
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(new WitnessPolicy(1, List.of(witness.verifier()))),
                List.of());
        byte[] pack = testing.pack(samples.entries, testing.signer, bend);
        return new Sample(reason, pack, testing.trust().and(wants), says);
    }

    /** The CMS copy by the log's own key, under these certificates. */
    private Sample copied(Reason reason, List<X509Certificate> chain, String says) {
        return samples.bent(reason, says, files -> {
            byte[] checkpoint = Samples.content(files, FILE);
            files.put(FILE + ".p7s", TestingPack.checkpointCms(checkpoint, chain, testing.logKey()));
            files.put("trust/log-signer.pem", Samples.bytes(Certificates.pem(chain)));
        });
    }

    /** A range from entry 20 on, which this checkpoint is said to be the head of. */
    private Sample carriedFrom(Reason reason, byte[] checkpoint, String says) {
        return range(reason, says, files -> files.put(FILE + ".from", checkpoint));
    }

    private Sample range(Reason reason, String says, Consumer<Map<String, byte[]>> bend) {
        return samples.of(
                reason, TestingRanges.pack(testing, samples.entries, 20, OptionalLong.empty(), List.of(), bend), says);
    }

    /** The head at entry 20. */
    private byte[] at20() {
        return testing.checkpoint(
                20, TestingRecords.range(samples.entries.subList(0, 20)).root());
    }

    /** Single records from entry 20 on have no tiles that would show the same. */
    private Sample noConsistency() {
        return samples.of(
                Reason.CONSISTENCY_MISSING,
                TestingRecords.pack(
                        testing,
                        samples.entries,
                        20,
                        List.of(24, Samples.SIZE - 1),
                        files -> files.put(FILE + ".from", at20())),
                "log/2026/consistency.json: is missing, and nothing else shows that the log continues"
                        + " log/2026/checkpoint.from");
    }

    private Sample consistencyOfNoForm() {
        return range(
                Reason.CONSISTENCY_FORM,
                "log/2026/consistency.json: is not a consistency proof and nothing else",
                files -> {
                    files.put(FILE + ".from", at20());
                    files.put(PROOF, Samples.bytes("{\"from\":20}"));
                });
    }

    private Sample consistencyWithAnother() {
        return range(
                Reason.CONSISTENCY_FALSE,
                "log/2026/consistency.json: the proof does not lead from checkpoint.from to the root of the checkpoint",
                files -> {
                    files.put(FILE + ".from", at20());
                    files.put(PROOF, TestingRecords.consistency(samples.entries, 21));
                });
    }

    private static String anotherLogs() {
        try {
            KeyPair key = TestingAuthority.keyPair();
            return NoteVerifier.of("another/2026", key.getPublic()).vkey();
        } catch (GeneralSecurityException | NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Map<String, byte[]> files) {
        return new String(Samples.content(files, FILE), StandardCharsets.UTF_8);
    }

    private Sample yearThatEndedOtherwise() {
        return samples.sealed(
                Reason.YEAR_END_FALSE,
                "log/2026/tile/entries/000.p/8, entry 3: the last head of keyproof/log/test/2025 is of another log or size than the entry says",
                entries -> entries.set(
                        3,
                        Samples.bytes(new TestingYearEnd("keyproof/log/test/2025")
                                .entry(12)
                                .replace("\"size\":12", "\"size\":13"))));
    }
}
