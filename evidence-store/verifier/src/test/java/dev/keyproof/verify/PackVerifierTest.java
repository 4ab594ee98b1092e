package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
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
    void aTimeStampAuthorityThatTheAnchorDoesNotNameIsRefused() {
        TrustFile trust = TESTING.trust();
        TrustFile less =
                new TrustFile(trust.signers(), List.of(), trust.logKeys(), trust.approvers(), List.of(), List.of());

        assertThat(broken(TESTING.pack(entries), less))
                .isEqualTo("trust/tsa.pem: ends in Test time root, which the trust file does not name");
    }

    @Test
    void anEntryChangedUnderItsTileIsFound() {
        assertThat(bent(files -> replace(files, "log/2026/tile/entries/000", "\"sequence\":17}", "\"sequence\":18}")))
                .isEqualTo("log/2026/tile/entries/000, entry 17: is not the entry that was sealed");
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

    private String bent(Consumer<Map<String, byte[]>> bend) {
        return broken(TESTING.pack(entries, TESTING.signer, bend), TESTING.trust());
    }

    private static void replace(Map<String, byte[]> files, String file, String from, String to) {
        String text = new String(content(files, file), StandardCharsets.ISO_8859_1);
        files.put(file, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
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
