package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each pack here has exactly one defect, and is signed as it is. */
final class PackVerifierTest {
    private static final TestingPack TESTING = new TestingPack();

    private final List<byte[]> entries = TESTING.entries(300);

    @Test
    void isProvenWithTheAnchor() {
        Verdict verdict = verify(TESTING.pack(entries), TESTING.trust());

        assertThat(verdict).isInstanceOf(Verdict.Proven.class);
        Summary summary = ((Verdict.Proven) verdict).summary();
        assertThat(summary.entries()).isEqualTo(300);
        assertThat(summary.decisions()).isEqualTo(297);
        assertThat(summary.findings()).isEqualTo(1);
        assertThat(summary.approvals()).isEqualTo(1);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.logs().getFirst().signedBy()).hasSize(2);
        assertThat(summary.logs().getFirst().time()).isNotNull();
    }

    @Test
    void isConsistentWithoutIt() {
        Verdict verdict = verify(TESTING.pack(entries), null);

        assertThat(verdict).isInstanceOf(Verdict.SignerUnproven.class);
        assertThat(verdict.exitCode()).isEqualTo(3);
    }

    @Test
    void holdsForEverySizeOfLog() {
        for (int size : List.of(4, 255, 256, 257, 512, 513)) {
            assertThat(verify(TESTING.pack(TESTING.entries(size)), TESTING.trust()))
                    .isInstanceOf(Verdict.Proven.class);
        }
    }

    @Test
    void isTheSameFileTwiceButForItsSignatures() {
        Map<String, byte[]> kept = new java.util.TreeMap<>();
        byte[] first = TESTING.pack(entries, TESTING.signer, kept::putAll);
        byte[] second = TESTING.pack(entries, TESTING.signer, files -> {
            files.clear();
            files.putAll(kept);
        });

        assertThat(manifest(first)).isEqualTo(manifest(second));
    }

    @Test
    void somebodyElsesSignatureIsUnprovenWithoutTheAnchorAndRefusedWithIt() {
        byte[] pack = TESTING.pack(entries, TestingAuthority.signer("Test signer"), files -> {});

        assertThat(verify(pack, null)).isInstanceOf(Verdict.SignerUnproven.class);
        assertThat(broken(pack, TESTING.trust()))
                .isEqualTo(
                        "trust/signer.pem: signed by Test signer under Test signer root, which the trust file does not name");
    }

    @Test
    void aLogKeyThatTheAnchorDoesNotNameIsRefused() {
        TrustFile trust = TESTING.trust();
        TrustFile less = new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                trust.logKeys().subList(0, 1),
                trust.approvers(),
                List.of(),
                List.of());

        assertThat(broken(TESTING.pack(entries), less))
                .startsWith(
                        "trust/log.vkey: the trust file does not name this key of the log: keyproof/log/test/2026+");
    }

    @Test
    void aTimeStampAuthorityThatTheAnchorDoesNotNameIsRefused() {
        TrustFile trust = TESTING.trust();
        TrustFile less =
                new TrustFile(trust.signers(), List.of(), trust.logKeys(), trust.approvers(), List.of(), List.of());

        assertThat(broken(TESTING.pack(entries), less))
                .isEqualTo("trust/tsa.pem: ends in Test time root, which the trust file does not name");
    }

    @Test
    void anotherKeyOfAnApproverIsRefused() throws GeneralSecurityException {
        TrustFile trust = TESTING.trust();
        TrustFile other = new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                trust.logKeys(),
                new TestingPack().trust().approvers(),
                List.of(),
                List.of());

        assertThat(broken(TESTING.pack(entries), other))
                .isEqualTo("approvals/A1.json: the trust file names another key of the approver carol");
    }

    @Test
    void anEntryChangedUnderItsTileIsFound() {
        assertThat(bent(files -> replace(files, "log/2026/tile/entries/000", "\"sequence\":17}", "\"sequence\":18}")))
                .isEqualTo("log/2026/tile/entries/000, entry 17: is not the entry that was sealed");
    }

    @Test
    void aLeafChangedInItsTileIsFound() {
        assertThat(bent(files -> content(files, "log/2026/tile/0/001.p/44")[5] ^= 1))
                .isEqualTo("log/2026: the tiles do not lead to the root that the checkpoint states");
    }

    @Test
    void aHashThatIsNotTheTilesBelowIsFound() {
        assertThat(bent(files -> content(files, "log/2026/tile/1/000.p/1")[5] ^= 1))
                .isEqualTo("log/2026/tile/1/000.p/1, hash 0: is not the root of log/2026/tile/0/000");
    }

    @Test
    void aMissingTileIsFound() {
        assertThat(bent(files -> files.remove("log/2026/tile/0/000")))
                .isEqualTo("log/2026/tile/0/000: is missing from the log");
    }

    @Test
    void aSurplusTileIsFound() {
        assertThat(bent(files -> files.put("log/2026/tile/0/002", new byte[32])))
                .isEqualTo("log/2026/tile/0/002: does not belong to a log of 300 entries");
    }

    @Test
    void aCheckpointThatOneKeyDidNotSignIsFound() {
        assertThat(bent(files -> {
                    String note = text(files, "log/2026/checkpoint");
                    files.put("log/2026/checkpoint", bytes(note.substring(0, note.lastIndexOf("\u2014"))));
                }))
                .isEqualTo("log/2026/checkpoint: not signed by every key of the log");
    }

    @Test
    void aCheckpointOfAnotherSizeIsFound() {
        assertThat(bent(files -> files.put(
                        "log/2026/checkpoint", TESTING.checkpoint(299, dev.keyproof.log.merkle.Hash.of(new byte[32])))))
                .isEqualTo("log/2026/checkpoint: states another origin, size or root than manifest.json");
    }

    @Test
    void aCheckpointsCmsByAnotherKeyIsFound() throws GeneralSecurityException {
        var other = dev.keyproof.verify.testing.TestingAuthority.keyPair();
        var chain = TESTING.signer.chainOf("Other", other, Role.LOG);

        assertThat(bent(files -> {
                    byte[] checkpoint = content(files, "log/2026/checkpoint");
                    files.put("log/2026/checkpoint.p7s", TestingPack.checkpointCms(checkpoint, chain, other));
                    files.put("trust/log-signer.pem", bytes(Certificates.pem(chain)));
                }))
                .isEqualTo("trust/log-signer.pem: does not certify a key of the log keyproof/log/test/2026");
    }

    @Test
    void aCheckpointsCmsUnderAnotherRootIsFound() {
        var chain = TestingAuthority.signer("Somebody").chainOf("Other", TESTING.logKey(), Role.LOG);

        assertThat(bent(files -> {
                    byte[] checkpoint = content(files, "log/2026/checkpoint");
                    files.put(
                            "log/2026/checkpoint.p7s", TestingPack.checkpointCms(checkpoint, chain, TESTING.logKey()));
                    files.put("trust/log-signer.pem", bytes(Certificates.pem(chain)));
                }))
                .isEqualTo("trust/log-signer.pem: ends in another root than trust/signer.pem");
    }

    @Test
    void aCheckpointsCmsOverAnotherCheckpointIsFound() {
        assertThat(bent(files -> {
                    byte[] other = TESTING.checkpoint(299, dev.keyproof.log.merkle.Hash.of(new byte[32]));
                    files.put(
                            "log/2026/checkpoint.p7s",
                            TestingPack.checkpointCms(
                                    other,
                                    TESTING.signer.chainOf("Test log", TESTING.logKey(), Role.LOG),
                                    TESTING.logKey()));
                }))
                .startsWith("log/2026/checkpoint.p7s, byte ");
    }

    @Test
    void cosignaturesOfWitnessesStandInNobodysWay() throws Exception {
        var pair = java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var witness = new dev.keyproof.log.note.Cosigner(
                "w.example/one", pair.getPublic(), pair.getPrivate(), java.time.InstantSource.system());

        byte[] pack = TESTING.pack(entries, TESTING.signer, files -> {
            try {
                var note = dev.keyproof.log.note.SignedNote.parse(content(files, "log/2026/checkpoint"));
                byte[] cosigned = note.with(dev.keyproof.log.note.SignedNote.sign(note.text(), List.of(witness))
                                .signatures())
                        .bytes();
                files.put("log/2026/checkpoint", cosigned);
                byte[] request = TestingTimeStamps.request(cosigned);
                files.put("time/2026.tsq", request);
                files.put("time/2026.tsr", TESTING.timeStamps.answer(request, java.time.Instant.now()));
                var chain = TESTING.signer.chainOf("Test log", TESTING.logKey(), Role.LOG);
                files.put("trust/log-signer.pem", bytes(Certificates.pem(chain)));
                files.put("log/2026/checkpoint.p7s", TestingPack.checkpointCms(cosigned, chain, TESTING.logKey()));
            } catch (dev.keyproof.log.note.NoteException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(verify(pack, TESTING.trust())).isInstanceOf(Verdict.Proven.class);
    }

    @Test
    void aTimeAskedForSomethingElseIsFound() {
        assertThat(bent(files -> {
                    byte[] request = TestingTimeStamps.request(new byte[] {1});
                    files.put("time/2026.tsq", request);
                    files.put("time/2026.tsr", TESTING.timeStamps.answer(request, java.time.Instant.now()));
                }))
                .isEqualTo("time/2026.tsq: the time was not asked for this checkpoint");
    }

    @Test
    void anAnswerToAnotherRequestIsFound() {
        assertThat(bent(files ->
                        files.put("time/2026.tsq", TestingTimeStamps.request(content(files, "log/2026/checkpoint")))))
                .startsWith("time/2026.tsr: not a valid time stamp: ");
    }

    @Test
    void aStampByOneWhoMayNotStampIsFound() {
        TestingAuthority noStamper = TestingAuthority.signer("No time");
        byte[] pack = TESTING.pack(
                entries,
                TESTING.signer,
                files -> files.put("trust/tsa.pem", bytes(Certificates.pem(noStamper.chain()))));

        assertThat(broken(pack, null))
                .isEqualTo("time/2026.tsr: not signed by the authority whose certificates are in trust/");
    }

    @Test
    void aFindingLeftOutIsFound() {
        assertThat(bent(files -> files.put("results/findings.ndjson", new byte[0])))
                .isEqualTo("results/findings.ndjson, byte 0: is not what follows from the entries");
    }

    @Test
    void aPolicyLeftOutIsFound() {
        assertThat(bent(files -> files.keySet().removeIf(name -> name.startsWith("policy/"))))
                .isEqualTo("manifest.json, policies: does not list what is in policy/");
    }

    @Test
    void aDecisionUnderAPolicyThatIsNotThereIsFound() {
        List<byte[]> other = new ArrayList<>(entries);
        other.set(
                20, bytes(TESTING.operation(20).replace(TESTING.policyBundle().digest(), "sha256:" + "0".repeat(64))));

        assertThat(broken(TESTING.pack(other), TESTING.trust()))
                .isEqualTo(
                        "log/2026/tile/entries/000, entry 20: cites a policy or data set that the pack does not hold");
    }

    @Test
    void anApprovalByTheRequesterIsFound() throws GeneralSecurityException {
        assertThat(approvedBy(TESTING.approvals("mallory", TestingAuthority.keyPair())))
                .isEqualTo("approvals/A1.json: the requester mallory approved the own request");
    }

    @Test
    void anApprovalWithAnotherKeyIsFound() throws GeneralSecurityException {
        assertThat(approvedBy(TESTING.approvals("carol", TestingAuthority.keyPair())))
                .isEqualTo("approvals/A1.json: the signature of carol does not hold");
    }

    @Test
    void anApprovalByAStrangerIsFound() throws GeneralSecurityException {
        assertThat(approvedBy(TESTING.approvals("eve", TestingAuthority.keyPair())))
                .isEqualTo("approvals/A1.json: the approver eve is not enrolled in the pack");
    }

    @Test
    void aKeyStateThatNoEntryStatesIsFound() {
        assertThat(bent(files -> files.put("keys/K2.json", bytes("{}"))))
                .isEqualTo("keys/K2.json: no entry of the pack speaks of it");
    }

    @Test
    void allFaultsAreToldWhereAsked() {
        byte[] pack = TESTING.pack(entries, TESTING.signer, files -> {
            files.put("results/findings.ndjson", new byte[0]);
            files.put("keys/K2.json", bytes("{}"));
        });

        Verdict verdict =
                new PackVerifier(Clock.systemUTC()).verify(MemorySegment.ofArray(pack), TESTING.trust(), true);

        assertThat(((Verdict.Broken) verdict).faults())
                .extracting(Fault::file)
                .containsExactly("results/findings.ndjson", "keys/K2.json");
    }

    @Test
    void bytesAfterTheEndAreFound() {
        byte[] pack = TESTING.pack(entries);

        assertThat(broken(Arrays.copyOf(pack, pack.length + 1), null))
                .isEqualTo("zip end: no end record in the last 22 bytes: cut off, appended to or altered");
    }

    @Test
    void aPackCutOffIsBrokenAndSomethingElseIsUnreadable() {
        byte[] pack = TESTING.pack(entries);

        assertThat(verify(Arrays.copyOf(pack, pack.length - 40), null).exitCode())
                .isEqualTo(1);
        assertThat(verify(bytes("no zip at all, but long enough to look like one"), null)
                        .exitCode())
                .isEqualTo(2);
        assertThat(verify(new byte[0], null).exitCode()).isEqualTo(2);
    }

    private String approvedBy(String jws) {
        List<byte[]> other = new ArrayList<>(entries);
        other.set(2, bytes(TESTING.approved(jws)));
        return broken(TESTING.pack(other), TESTING.trust());
    }

    private String bent(Consumer<Map<String, byte[]>> bend) {
        return broken(TESTING.pack(entries, TESTING.signer, bend), TESTING.trust());
    }

    private static void replace(Map<String, byte[]> files, String file, String from, String to) {
        String text = new String(content(files, file), StandardCharsets.ISO_8859_1);
        files.put(file, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(Map<String, byte[]> files, String file) {
        return new String(content(files, file), StandardCharsets.UTF_8);
    }

    private static byte[] content(Map<String, byte[]> files, String file) {
        return java.util.Objects.requireNonNull(files.get(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] manifest(byte[] pack) {
        try {
            return CanonicalZip.read(MemorySegment.ofArray(pack), new Faults(false))
                    .bytes(Manifest.NAME);
        } catch (UnreadableException | BrokenPackException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String broken(byte[] pack, @Nullable TrustFile trust) {
        Verdict verdict = verify(pack, trust);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return ((Verdict.Broken) verdict).first().toString();
    }

    private static Verdict verify(byte[] pack, @Nullable TrustFile trust) {
        return new PackVerifier(Clock.systemUTC()).verify(MemorySegment.ofArray(pack), trust, false);
    }
}
