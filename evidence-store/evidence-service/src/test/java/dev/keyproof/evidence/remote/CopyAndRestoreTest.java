package dev.keyproof.evidence.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.YearDrop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyAndRestoreTest {
    private static final int YEAR = 2026;
    private static final String ORIGIN = "keyproof/log/test/" + YEAR;

    private final Clock clock = new TestingClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final TestingBucket bucket = new TestingBucket();
    private final List<TestingNoteSigner> signers = signers();
    private final List<String> foreign = new ArrayList<>();
    private List<X509Certificate> packSigners = List.of();
    private List<X509Certificate> timeStampers = List.of();

    @TempDir
    Path dir;

    @Test
    void whatWasCopiedIsRestoredWithItsHeadAndPositions() throws Exception {
        try (YearLogs logs = logs("first")) {
            SealedLog log = logs.current();
            Copier copier = copier(logs);
            // Sizes at the edges of bundles and of tiles of each level
            for (int size : List.of(1, 256, 257, 65_536, 66_000)) {
                grow(log, size, "");
                copier.round();

                Path home = dir.resolve("home-" + size);
                Restore.Restored restored = restore(home);

                assertThat(restored.logs()).singleElement().isEqualTo(new Restore.Log(head(log), true));
                requireSame(home, log);
            }
            assertThat(foreign).isEmpty();
            assertThat(copier.copied()).isEqualTo(Map.of(YEAR, 66_000L));
        }
    }

    @Test
    void cutShortAtAnyCallItLeavesTheHeadBeforeAndGoesOn() throws Exception {
        int cuts = 0;
        for (boolean whole = false; !whole; cuts++) {
            TestingBucket cut = new TestingBucket();
            try (YearLogs logs = logs("cut-" + cuts)) {
                // Given
                SealedLog log = logs.current();
                grow(log, 300, "");
                copier(cut, logs).round();
                SignedHead before = head(log);
                grow(log, 900, "");

                // When
                cut.failAfter(cuts);
                try {
                    copier(cut, logs).round();
                    whole = true;
                } catch (EvidenceException e) {
                    assertThat(e).hasMessage("the bucket does not answer");
                }

                // Then
                Restore.Restored restored = restore(cut, dir.resolve("home-cut-" + cuts));
                assertThat(restored.logs().getFirst().head()).isEqualTo(whole ? head(log) : before);
                cut.failAfter(Integer.MAX_VALUE);
                copier(cut, logs).round();
                Path home = dir.resolve("home-whole-" + cuts);
                restore(cut, home);
                requireSame(home, log);
            }
        }
        assertThat(cuts).isGreaterThan(7);
        assertThat(foreign).isEmpty();
    }

    @Test
    void versionsOfSomebodyElseAreNotTaken() throws Exception {
        try (YearLogs logs = logs("first")) {
            // Given
            SealedLog log = logs.current();
            grow(log, 66_000, "");
            copier(logs).round();

            // When
            for (String key : bucket.keys()) {
                if (key.contains("/tile/")) {
                    byte[] altered = bucket.newest(key).orElseThrow().content().clone();
                    altered[altered.length - 1] ^= 1;
                    bucket.put(key, altered, Optional.of(Instant.MAX));
                    bucket.put(key, new byte[0], Optional.of(Instant.MAX));
                }
            }
            byte[] forged = forged(log, 70_000).note().bytes();
            bucket.put(Layout.checkpoint(YEAR, 70_000), forged, Optional.of(Instant.MAX));
            bucket.put(Layout.checkpoint(YEAR, 80_000), "x".getBytes(UTF_8), Optional.of(Instant.MAX));
            bucket.put(Layout.positions(YEAR, 66_000), "x".getBytes(UTF_8), Optional.of(Instant.MAX));

            // Then
            Path home = dir.resolve("home");
            assertThat(restore(home).logs()).singleElement().isEqualTo(new Restore.Log(head(log), true));
            requireSame(home, log);
            // And the copy goes on behind the forged checkpoints
            grow(log, 66_100, "");
            copier(logs).round();
            assertThat(restore(dir.resolve("later")).logs().getFirst().head()).isEqualTo(head(log));
        }
    }

    @Test
    void whatIsMissingIsNamedAndNoLogIsMade() throws Exception {
        try (YearLogs logs = logs("first")) {
            grow(logs.current(), 600, "");
            copier(logs).round();
            bucket.lose("log/2026/tile/entries/001");
            bucket.put("log/2026/tile/entries/001", "x".getBytes(UTF_8), Optional.of(Instant.MAX));
            Path home = dir.resolve("home");

            assertThatThrownBy(() -> restore(home))
                    .isInstanceOf(EvidenceException.class)
                    .hasMessage(
                            "s3://testing: log/2026/tile/entries/001 is not what was sealed, in none of its 1 versions");
            bucket.lose("log/2026/tile/entries/001");
            assertThatThrownBy(() -> restore(home)).hasMessageEndingWith("log/2026/tile/entries/001 is missing");
            bucket.lose("log/2026/tile/0/002.p/88");
            assertThatThrownBy(() -> restore(home)).hasMessageEndingWith("has no log/2026/tile/0/002.p/88");

            assertThat(home.resolve("log")).doesNotExist();
        }
    }

    @Test
    void aKeyThatHandedOverProvesNothingBeyond() throws Exception {
        try (YearLogs logs = logs("first")) {
            grow(logs.current(), 300, "");
            copier(logs).round();

            TrustFile retired = new TrustFile(
                    List.of(),
                    List.of(),
                    signers.stream().map(one -> new LogKey(one.verifier(), 299)).toList(),
                    Map.of(),
                    List.of(),
                    List.of());
            assertThatThrownBy(() -> new Restore(bucket, retired, dir.resolve("home"), true).run())
                    .hasMessageContaining("no checkpoint of 2026 is signed by a key that the trust file names");
            assertThatThrownBy(() -> new Restore(bucket, TrustFile.none(), dir.resolve("home"), true).run())
                    .hasMessageContaining("no checkpoint of 2026 is signed by a key that the trust file names");
        }
    }

    @Test
    void aLogThatIsOlderOrAnotherThanItsCopyIsTold() throws Exception {
        try (YearLogs logs = logs("first")) {
            grow(logs.current(), 600, "");
            copier(logs).round();
        }
        try (YearLogs older = logs("older")) {
            grow(older.current(), 500, "");
            assertThatThrownBy(() -> copier(older).round())
                    .hasMessageContaining("this log was signed up to 500 only: its folder is older, or another log");
        }
        try (YearLogs fork = logs("fork")) {
            grow(fork.current(), 700, "fork ");
            assertThatThrownBy(() -> copier(fork).round()).hasMessageContaining("this log had another root then");
        }
    }

    @Test
    void ofArtifactsTheCiphertextIsCopiedAndNeverTheKey() throws Exception {
        // Given
        byte[] ciphertext = "ciphertext".getBytes(UTF_8);
        String hex =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ciphertext));
        Path shard = Files.createDirectories(dir.resolve("old/artifacts").resolve(hex.substring(0, 2)));
        Files.write(shard.resolve(hex), ciphertext);
        Files.writeString(shard.resolve(hex + ".key"), "wrapped key");
        Files.writeString(shard.resolve(hex + ".new"), "half");
        String key = "artifacts/" + hex.substring(0, 2) + "/" + hex;

        // When
        CopiedFiles files = new CopiedFiles(bucket, depositor(bucket), dir.resolve("old"));
        files.round();
        files.round();
        try (YearLogs logs = logs("first")) {
            grow(logs.current(), 1, "");
            copier(logs).round();
        }

        // Then
        assertThat(bucket.keys())
                .filteredOn(one -> one.startsWith("artifacts/"))
                .containsExactly(key);
        bucket.put(key, "forged".getBytes(UTF_8), Optional.of(Instant.MAX));
        bucket.put("artifacts/../../x", "x".getBytes(UTF_8), Optional.of(Instant.MAX));
        Path home = dir.resolve("home");
        assertThat(restore(home).files()).isEqualTo(1);
        assertThat(home.resolve(key)).hasBinaryContent(ciphertext);
        assertThat(home.resolve("artifacts").resolve(hex.substring(0, 2))).isDirectoryNotContaining("glob:**.key");
    }

    @Test
    void aTokenAndACertificateAreRestoredIfTheyProveThemselves() throws Exception {
        TestingTimeStamps authority = new TestingTimeStamps(TestingAuthority.timeStamper("Time"));
        TestingTimeStamps stranger = new TestingTimeStamps(TestingAuthority.timeStamper("Time"));
        TestingAuthority signer = TestingAuthority.signer("Signer");
        TestingAuthority impostor = TestingAuthority.signer("Signer");
        timeStampers = List.of(authority.chain().getLast());
        packSigners = List.of(signer.chain().getLast());
        Path evidence = Files.createDirectories(dir.resolve("old/evidence"));
        Files.writeString(evidence.resolve("signer.pem"), Certificates.pem(signer.chain()));
        Files.writeString(evidence.resolve("places"), "derived");
        try (YearLogs logs = logs("first")) {
            // Given: the token of a head, one of a head that is not copied, one by a stranger
            SealedLog log = logs.current();
            grow(log, 200, "");
            copier(bucket, logs, stamped(log, stranger)).round();
            grow(log, 300, "");
            copier(bucket, logs, stamped(log, authority)).round();
            SignedHead copied = head(log);
            grow(log, 301, "");
            TimeStamper.Stamped later = stamped(log, authority);
            for (String ending : List.of("checkpoint", "tsq", "pem", "tsr")) {
                byte[] content = switch (ending) {
                    case "checkpoint" -> later.checkpoint();
                    case "tsq" -> later.request();
                    case "tsr" -> later.answer();
                    default -> Certificates.pem(later.chain()).getBytes(UTF_8);
                };
                bucket.put(Layout.token(YEAR, 301, ending), content, Optional.of(Instant.MAX));
                bucket.put(Layout.token(YEAR, 300, ending), "x".getBytes(UTF_8), Optional.of(Instant.MAX));
            }
            new CopiedFiles(bucket, depositor(bucket), dir.resolve("old")).round();
            String forged = Certificates.pem(
                    List.of(impostor.chain().getFirst(), signer.chain().getLast()));
            bucket.put("evidence/signer.pem", forged.getBytes(UTF_8), Optional.of(Instant.MAX));
            bucket.put("evidence/places", forged.getBytes(UTF_8), Optional.of(Instant.MAX));

            // When
            Path home = dir.resolve("home");
            Restore.Restored restored = restore(home);

            // Then
            assertThat(restored.logs().getFirst().head()).isEqualTo(copied);
            try (Stream<Path> files = Files.walk(home.resolve("evidence"))) {
                assertThat(files.filter(Files::isRegularFile)
                                .map(file -> home.relativize(file).toString())
                                .sorted())
                        .containsExactly(
                                "evidence/signer.pem",
                                "evidence/time/2026/300.checkpoint",
                                "evidence/time/2026/300.pem",
                                "evidence/time/2026/300.tsq",
                                "evidence/time/2026/300.tsr");
            }
            assertThat(home.resolve("evidence/signer.pem")).hasContent(Certificates.pem(signer.chain()));
            assertThat(home.resolve("evidence/time/2026/300.checkpoint"))
                    .hasBinaryContent(copied.note().bytes());
        }
    }

    @Test
    void aYearThatWasDroppedAndIsInTheBucketNoMoreIsMarkedAgain() throws Exception {
        // Given
        byte[] remains = "what remains".getBytes(UTF_8);
        String hex =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(remains));
        Files.createDirectories(dir.resolve("old/artifacts/remains"));
        Files.write(dir.resolve("old/artifacts/remains").resolve(hex), remains);
        LogEvents events = new LogEvents(clock);
        YearDrop drop = new YearDrop(
                "id", YEAR - 1, "origin", "head", Instant.EPOCH, "ann", "sha256:" + hex, LogEvents.ErasurePhase.BEGUN);
        byte[] begun = events.yearDrop(drop);
        try (YearLogs logs = logs("first")) {
            logs.current().append(List.of(begun), new byte[] {1}).get();
            grow(logs.current(), 10, "");
            copier(logs).round();
            new CopiedFiles(bucket, depositor(bucket), dir.resolve("old")).round();

            // When
            restore(dir.resolve("home"));

            // Then
            assertThat(dir.resolve("home/log/" + (YEAR - 1) + ".dropped")).hasBinaryContent(begun);
            assertThat(dir.resolve("home/artifacts/remains").resolve(hex)).hasBinaryContent(remains);
            // And not if it was held after all
            logs.current()
                    .append(List.of(events.yearDrop(drop.in(LogEvents.ErasurePhase.WITHHELD))), new byte[] {1})
                    .get();
            grow(logs.current(), 20, "");
            copier(logs).round();
            restore(dir.resolve("later"));
            assertThat(dir.resolve("later/log/" + (YEAR - 1) + ".dropped")).doesNotExist();
        }
    }

    private static TimeStamper.Stamped stamped(SealedLog log, TestingTimeStamps authority) {
        byte[] checkpoint = head(log).note().bytes();
        byte[] request = TestingTimeStamps.request(checkpoint);
        return new TimeStamper.Stamped(
                head(log), checkpoint, request, authority.answer(request, Instant.now()), authority.chain());
    }

    @Test
    void aHomeWithALogIsLeftAlone() throws Exception {
        Path home = dir.resolve("home");
        Files.createDirectories(home.resolve("log"));
        assertThatThrownBy(() -> restore(home))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("a log is restored into a home without one");
        assertThatThrownBy(() -> restore(dir.resolve("other"))).hasMessage("s3://testing holds no log");
    }

    private YearLogs logs(String name) throws EvidenceException {
        return YearLogs.open(dir.resolve(name), "test", clock);
    }

    private Copier copier(YearLogs logs) {
        return copier(bucket, logs);
    }

    private Copier copier(TestingBucket to, YearLogs logs) {
        return copier(to, logs, year -> Optional.empty());
    }

    private Copier copier(TestingBucket to, YearLogs logs, TimeStamper.Stamped stamped) {
        return copier(to, logs, year -> Optional.of(stamped));
    }

    private Copier copier(TestingBucket to, YearLogs logs, Copier.Tokens tokens) {
        return new Copier(
                to,
                depositor(to),
                logs,
                head -> {
                    try {
                        return head.note()
                                        .verifiedBy(signers.stream()
                                                .map(TestingNoteSigner::verifier)
                                                .toList())
                                        .size()
                                == signers.size();
                    } catch (dev.keyproof.log.note.NoteException e) {
                        return false;
                    }
                },
                tokens);
    }

    private Depositor depositor(TestingBucket to) {
        return new Depositor(to, clock, Duration.ofDays(30), foreign::add);
    }

    private Restore.Restored restore(Path home) throws EvidenceException {
        return restore(bucket, home);
    }

    private Restore.Restored restore(TestingBucket from, Path home) throws EvidenceException {
        TrustFile trust = new TrustFile(
                packSigners,
                timeStampers,
                signers.stream().map(one -> LogKey.of(one.verifier())).toList(),
                Map.of(),
                List.of(),
                List.of());
        return new Restore(from, trust, home, true).run();
    }

    private void grow(SealedLog log, int size, String words) throws Exception {
        List<byte[]> entries = new ArrayList<>();
        for (long i = log.size(); i < size; i++) {
            entries.add((words + "entry " + i).getBytes(UTF_8));
        }
        log.append(entries, positions(size)).get();
        log.publish(signers);
    }

    private static byte[] positions(int size) {
        return ("{\"key-events/0\":" + size + "}").getBytes(UTF_8);
    }

    private static SignedHead head(SealedLog log) {
        return log.lastHead().orElseThrow();
    }

    /** A head that keys of the same name signed, which are not the log's. */
    private SignedHead forged(SealedLog log, int size) throws Exception {
        try (SealedLog other = SealedLog.open(dir.resolve("forged"), log.origin(), LogOptions.DEFAULTS)) {
            List<byte[]> entries = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                entries.add(new byte[0]);
            }
            other.append(entries, new byte[0]).get();
            List<NoteSigner> thief = List.of(new TestingNoteSigner(ORIGIN, TestingAuthority.keyPair()));
            return other.publish(thief);
        }
    }

    private void requireSame(Path home, SealedLog log) throws LogException {
        try (SealedLog restored = SealedLog.open(home.resolve("log/" + YEAR), log.origin(), LogOptions.DEFAULTS)) {
            assertThat(restored.lastHead()).isEqualTo(log.lastHead());
            assertThat(restored.root()).isEqualTo(log.root());
            assertThat(restored.size()).isEqualTo(log.size());
            assertThat(restored.entry(log.size() - 1)).isEqualTo(log.entry(log.size() - 1));
        }
        assertThat(SealedLog.fsck(home.resolve("log/" + YEAR), List.of()).faults())
                .isEmpty();
    }

    private static List<TestingNoteSigner> signers() {
        try {
            return List.of(
                    new TestingNoteSigner(
                            ORIGIN, KeyPairGenerator.getInstance("Ed25519").generateKeyPair()),
                    new TestingNoteSigner(ORIGIN, TestingAuthority.keyPair()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
