package dev.keyproof.evidence.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.keyproof.evidence.testing.PageBrowser;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import dev.keyproof.verify.samples.Sample;
import dev.keyproof.verify.samples.Samples;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page in a real browser: the same first fault as the command finds, in the same words, and never more than it may say. */
@Tag("server")
final class VerifyPageTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final List<byte[]> ENTRIES = TESTING.entries(600);
    private static final Path PICTURES = Path.of("target/pictures");

    /** What only the command finds, and by what the page says that it did not look there. */
    private static final Map<Reason, String> NOT_CHECKED = notChecked();

    @TempDir
    static Path dir;

    private static PageBrowser browser;
    private static Path page;

    @BeforeAll
    static void open() throws IOException {
        browser = new PageBrowser();
        page = Files.write(dir.resolve("verify.html"), VerifyPage.bytes());
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    @Test
    void aGoodPackIsConsistentWithTheTrustFileAndNeverProven() throws IOException {
        PageBrowser.Said said = check(pack(ENTRIES, files -> {}), TESTING.trust(), shown -> {
            shown.fill("#index", "257");
            shown.click("#find button");
            shown.waitForSelector("#proof tr");
            picture(shown, "good");
        });

        assertThat(said.state()).as(said.text()).isEqualTo("good");
        assertThat(said.title()).isEqualTo("Consistent with the trust file");
        assertThat(said.text())
                .contains("600 entries lead to the root that was signed")
                .contains("the very root in the trust file")
                .contains("This page came with the pack")
                .doesNotContainIgnoringCase(" proven");
        assertThat(said.unchecked())
                .anyMatch(text -> text.startsWith("manifest.p7s: "))
                .anyMatch(text -> text.startsWith("trust/signer.pem: dates"))
                .anyMatch(text -> text.startsWith("time/ (3 files), trust/tsa.pem, trust/manifest-tsa.pem: "))
                .anyMatch(text -> text.startsWith("approvals/A1.json: "))
                .anyMatch(text -> text.startsWith("This page itself"));
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void aRecordIsShownWithThePathToTheRoot() throws IOException {
        PageBrowser.Said said = check(pack(ENTRIES, files -> {}), TESTING.trust(), shown -> {
            shown.fill("#index", "511");
            shown.click("#find button");
            shown.waitForSelector("#proof tr");
        });

        CompactRange range = TestingRecords.range(ENTRIES);
        assertThat(said.text())
                .contains("Entry 511 of keyproof/log/test/2026")
                .contains("\"sequence\": 511")
                .contains(new TreeHasher().leaf(ENTRIES.get(511)).hex())
                .contains(range.root().hex());
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void anEntryThatThePackDoesNotCarryIsSaidToBeAbsent() throws IOException {
        PageBrowser.Said said = check(pack(ENTRIES, files -> {}), TESTING.trust(), shown -> {
            shown.fill("#index", "600");
            shown.click("#find button");
            shown.waitForSelector("#record:not([hidden])");
        });

        assertThat(said.text())
                .contains("The pack carries no entry 600 of this log")
                .contains("It carries 0 to 599.");
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void withoutATrustFileTheSignerIsNotEstablished() throws IOException {
        PageBrowser.Said said = check(pack(ENTRIES, files -> {}), null, shown -> picture(shown, "no-trust"));

        assertThat(said.state()).isEqualTo("warn");
        assertThat(said.title()).isEqualTo("Consistent, signer not established");
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void singleRecordsAreProvenOneByOne() throws Exception {
        byte[] pack = records(line -> line);

        PageBrowser.Said said = check(pack, TESTING.trust(), shown -> {
            shown.fill("#index", "300");
            shown.click("#find button");
            shown.waitForSelector("#proof tr");
            picture(shown, "records");
        });

        assertThat(said.state()).as(said.text()).isEqualTo("good");
        assertThat(said.text())
                .contains("3 records lead to the root that was signed")
                .contains("Entry 300 of keyproof/log/test/2026");
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void aRecordWhoseProofLeadsElsewhereIsNamed() throws Exception {
        byte[] pack = records(line -> line.replace("\"index\":300", "\"index\":301"));

        assertSame(
                pack,
                TESTING.trust(),
                "records.ndjson, line 2: the proof does not lead from the entry to the log's root");
    }

    @Test
    void aByteFlippedInABundleIsNamed() throws IOException {
        assertSame(
                pack(ENTRIES, files -> content(files, "log/2026/tile/entries/001")[3000] ^= 1),
                TESTING.trust(),
                "log/2026/tile/entries/001, entry ");
    }

    @Test
    void aByteFlippedInATileIsNamed() throws IOException {
        assertSame(
                pack(ENTRIES, files -> content(files, "log/2026/tile/0/002.p/88")[5] ^= 1),
                TESTING.trust(),
                "log/2026: the tiles do not lead to the root that the checkpoint states");
        assertSame(
                pack(ENTRIES, files -> content(files, "log/2026/tile/1/000.p/2")[5] ^= 1),
                TESTING.trust(),
                "log/2026/tile/1/000.p/2, hash 0: is not the root of log/2026/tile/0/000");
    }

    @Test
    void aByteFlippedInAFileOfAFinishedPackIsNamed() throws IOException {
        byte[] pack = pack(ENTRIES, files -> {});

        assertSame(
                flip(pack, "\"sequence\":400}"),
                TESTING.trust(),
                "log/2026/tile/entries/001: the content is not the one packed");
        assertSame(flip(pack, "\"policies\":"), TESTING.trust(), "manifest.json: the content is not the one packed");
        assertSame(flip(pack, "What is not "), TESTING.trust(), "NOT-PROVEN.md: the content is not the one packed");
    }

    @Test
    void aManifestThatWasNotSignedIsNamed() throws IOException {
        byte[] pack = pack(ENTRIES, files -> {});
        byte[] other = pack(TESTING.entries(599), files -> {});

        byte[] spliced = TestingZip.with(pack, "manifest.dsse.json", TestingZip.file(other, "manifest.dsse.json"));

        assertThat(check(spliced, TESTING.trust(), shown -> picture(shown, "bad"))
                        .reason())
                .startsWith("manifest.dsse.json, byte ")
                .contains("not the envelope that manifest.json and trust/signer.pem would have");
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void anotherLogKeyIsNamed() throws IOException {
        TrustFile trust = TESTING.trust();
        TrustFile other = new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                new TestingPack().trust().logKeys(),
                trust.approvers(),
                List.of(),
                List.of());

        assertSame(
                pack(ENTRIES, files -> {}),
                other,
                "trust/log.vkey: the trust file does not name this key of the log: ");
    }

    @Test
    void aKeyThatHadHandedOverIsNamed() throws IOException {
        TrustFile trust = TESTING.trust();
        TrustFile bounded = new TrustFile(
                trust.signers(),
                trust.timeStampers(),
                TESTING.verifiers().stream().map(key -> new LogKey(key, 599)).toList(),
                trust.approvers(),
                List.of(),
                trust.audiences());

        assertSame(
                pack(ENTRIES, files -> {}),
                bounded,
                "log/2026/checkpoint: of 600 entries is signed by keys alone that had handed over to others at 599");
    }

    @Test
    void theLogSignersCertificateIsNamedWhereItSignsAPack() throws IOException {
        PackWriter.Signer log =
                TESTING.signer.with(TESTING.signer.chainOf("Test log", TESTING.logKey(), Role.LOG), TESTING.logKey());
        PackWriter.Signer asPacks =
                TESTING.signer.with(TESTING.signer.chainOf("Test log", TESTING.logKey(), Role.PACK), TESTING.logKey());

        assertSame(
                TESTING.pack(ENTRIES, log, files -> {}),
                TESTING.trust(),
                "trust/signer.pem: the certificate of Test log may not sign packs: it lacks the policy 2.25.");
        assertSame(
                TESTING.pack(ENTRIES, asPacks, files -> {}),
                TESTING.trust(),
                "trust/signer.pem: the key of Test log is a key of a log: it may not sign packs");
    }

    @Test
    void aCheckpointByAnotherKeyIsNamed() throws IOException {
        assertSame(
                pack(
                        ENTRIES,
                        files -> files.put(
                                "log/2026/checkpoint",
                                new TestingPack()
                                        .checkpoint(
                                                ENTRIES.size(),
                                                TestingRecords.range(ENTRIES).root()))),
                TESTING.trust(),
                "log/2026/checkpoint: ");
    }

    @Test
    void somebodyElsesSignatureIsNamed() throws IOException {
        byte[] pack = TESTING.pack(ENTRIES, TestingAuthority.signer("Somebody else"), files -> {});

        assertSame(
                pack,
                TESTING.trust(),
                "trust/signer.pem: signed by Somebody else under Somebody else root, which the trust file does not name");
    }

    @Test
    void aRootThatDidNotIssueTheSignerIsNamed() throws IOException {
        TestingAuthority forger = TestingAuthority.signer("Forger");
        List<X509Certificate> borrowed =
                List.of(forger.chain().getFirst(), TESTING.signer.chain().getLast());
        byte[] pack = TESTING.pack(
                ENTRIES,
                new PackWriter.Signer() {
                    @Override
                    public List<X509Certificate> chain() {
                        return borrowed;
                    }

                    @Override
                    public byte[] sign(byte[] message) throws GeneralSecurityException {
                        return forger.sign(message);
                    }
                },
                files -> {});

        assertThat(check(pack, TESTING.trust(), shown -> {}).reason())
                .isEqualTo("trust/signer.pem: the certificate of Forger is not signed by Test signer root");
        assertThat(browser.faults()).isEmpty();
    }

    @Test
    void whatIsNoPackOrNoTrustFileCannotBeRead() throws IOException {
        PageBrowser.Said said =
                check("no zip at all, but long enough to look like one".getBytes(UTF_8), null, shown -> {});

        assertThat(said.title()).isEqualTo("Cannot be read");
        Path nonsense = Files.writeString(dir.resolve("nonsense.trust"), "nonsense\n");
        Path pack = Files.write(dir.resolve("pack.zip"), pack(ENTRIES, files -> {}));
        assertThat(browser.check(page, pack, nonsense, shown -> {}).reason())
                .isEqualTo("Not a trust file: line 1: a trust file begins with keyproof-trust/v1.");
        assertThat(browser.faults()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleIsNamedByTheSameReasonOrWhatHidesItIsSaidNotToBeChecked(Sample sample) throws IOException {
        Sample.Written written = sample.write(dir.resolve("samples"));

        PageBrowser.Said said = browser.check(page, written.pack(), written.trust(), shown -> {});

        assertThat(browser.faults()).isEmpty();
        assertThat(said.title()).doesNotContainIgnoringCase("proven");
        if (NOT_CHECKED.containsKey(sample.reason())) {
            assertThat(said.state()).as(said.text()).isEqualTo("good");
            assertThat(said.code()).isEmpty();
            assertThat(said.unchecked())
                    .anyMatch(text -> text.contains(Objects.requireNonNull(NOT_CHECKED.get(sample.reason()))));
        } else {
            assertThat(said.state()).as(said.text()).isEqualTo("bad");
            assertThat(said.code()).as(said.reason()).isEqualTo(sample.reason().code());
            assertThat(said.text()).contains("Reason: " + sample.reason().code());
        }
    }

    static List<Sample> samples() {
        return Samples.all();
    }

    /** The command names the same fault first. */
    private void assertSame(byte[] pack, TrustFile trust, String reason) throws IOException {
        PageBrowser.Said said = check(pack, trust, shown -> {});

        assertThat(said.state()).as(said.text()).isEqualTo("bad");
        assertThat(said.reason()).startsWith(reason);
        Verdict verdict = new PackVerifier(Clock.systemUTC()).verify(dir.resolve("pack.zip"), trust, false);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        if (!reason.startsWith("log/2026/checkpoint")) {
            assertThat(said.reason())
                    .isEqualTo(((Verdict.Broken) verdict).first().toString());
        }
        assertThat(browser.faults()).isEmpty();
    }

    private static PageBrowser.Said check(byte[] pack, @Nullable TrustFile trust, Consumer<Page> then)
            throws IOException {
        Path file = Files.write(dir.resolve("pack.zip"), pack);
        Path anchor = trust == null ? null : Files.writeString(dir.resolve("anchor.trust"), trust.text());
        return browser.check(page, file, anchor, then);
    }

    private static byte[] pack(List<byte[]> entries, Consumer<Map<String, byte[]>> bend) {
        return TESTING.pack(entries, TESTING.signer, bend);
    }

    /** A pack of three single records, their lines bent. */
    private static byte[] records(UnaryOperator<String> bend) {
        return TestingRecords.pack(TESTING, ENTRIES, List.of(0, 300, 599), bend);
    }

    private static byte[] content(Map<String, byte[]> files, String file) {
        return Objects.requireNonNull(files.get(file));
    }

    /** One bit flipped in the first byte of the first place where this stands in the pack. */
    private static byte[] flip(byte[] pack, String text) {
        byte[] bent = pack.clone();
        int at = new String(pack, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).isPositive();
        bent[at] ^= 1;
        return bent;
    }

    private static Map<Reason, String> notChecked() {
        Map<Reason, String> names = new EnumMap<>(Reason.class);
        Map.of(
                        "manifest.p7s: ", Set.of(Reason.CMS_FORM, Reason.SIGNATURE_FORM),
                        "trust/signer.pem: dates", Set.of(Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_NOT_YET_VALID),
                        "trust/log-signer.pem: ", Set.of(Reason.LOG_SIGNER, Reason.LOG_SIGNER_ROLE),
                        "/checkpoint: signatures of others than the log, such as witnesses; the trust file asks",
                                Set.of(Reason.COSIGNATURE_FALSE, Reason.TOO_FEW_WITNESSES),
                        "records.ndjson: ",
                                Set.of(
                                        Reason.SCOPE_KEY,
                                        Reason.SCOPE_ACTOR,
                                        Reason.SCOPE_OPERATION,
                                        Reason.SCOPE_CASE,
                                        Reason.CASE_STEP_MISSING,
                                        Reason.CASE_RECORD_MISSING,
                                        Reason.CASE_RECORD_OTHER,
                                        Reason.RECORD_NOT_SUPPORTING),
                        "policy/", range(Reason.POLICY_FORM, Reason.POLICY_MISSING),
                        "results/", range(Reason.DERIVED_MISSING, Reason.DERIVED_SURPLUS),
                        "time/", range(Reason.TIME_REQUEST, Reason.EVIDENCE_RECORD_AUTHORITY),
                        "approvals/", range(Reason.APPROVAL_REPLAYED, Reason.ORDER_REPEATED))
                .forEach((name, reasons) -> reasons.forEach(reason -> names.put(reason, name)));
        names.put(Reason.UNREADABLE, "policy/");
        range(Reason.CRL_FORM, Reason.CERTIFICATE_REVOKED)
                .forEach(reason -> names.put(reason, "the revocation lists, "));
        names.put(Reason.YEAR_END_FALSE, "entries on the end of an earlier year: ");
        return names;
    }

    private static Set<Reason> range(Reason from, Reason to) {
        return EnumSet.range(from, to);
    }

    private static void picture(Page shown, String name) {
        shown.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("verify-page-" + name + ".png"))
                .setFullPage(true));
    }
}
