package dev.keyproof.evidence.pack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import dev.keyproof.evidence.testing.PageBrowser;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.RetentionClasses;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportPageTest {
    private static final TestingPack TESTING = new TestingPack("""
            {"keyproof":{"frameworks":{"pci-dss-4.0.1":{"framework":"pci-dss","controls":[
            {"id":"3.7.4","title":"Keys are changed <in time>","rules":["lifecycle/cryptoperiod"]},
            {"id":"3.7.8","title":"Custodians accept","person":"the <signed> forms"}]}},
            "parameters":{"retention":{"noticeDays":30,"classes":{"operation":{"months":72,"atHandMonths":24}}}}}}""");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path PICTURES = Path.of("target/pictures");
    private static final String HOSTILE = "<script>alert(1)</script>\"'&\u202Egnp\u0000";
    private static final long NOON = 1_790_000_000_000L;
    private static final long DAY = 86_400_000L;

    @TempDir
    Path dir;

    @Test
    void eachControlHasItsTitleCountsAndFindings() throws Exception {
        String page = page(scope(), several());

        assertThat(section(page, "control-pci-dss_3.7.4"))
                .contains("<h2>pci-dss:3.7.4: Keys are changed &lt;in time&gt;</h2>")
                .contains("<td>Newest of each rule on each key</td>" + numbers(0, 0, 0, 2))
                .contains("<td>All that were sealed</td>" + numbers(1, 0, 0, 2))
                .contains("<p>3 findings, failures first")
                .contains("<td>lifecycle/cryptoperiod</td><td>K1</td><td><strong>FAIL</strong></td>"
                        + "<td class=t>2026-09-21T14:13:20.001Z</td><td><a href=\"log/2026/tile/entries/000.p/");
        assertThat(section(page, "control-pci-dss_3.6.1"))
                .contains("<h2>pci-dss:3.6.1</h2>")
                .contains("<td>Newest of each rule on each key</td>" + numbers(0, 1, 1, 0));
        assertThat(page).contains("aria-label=\"1 NOT-EVALUATED, 1 NOT-APPLICABLE\"");
    }

    @Test
    void eachControlInForceSaysOnHowManyKeysItWasJudgedAndWhatNobodyEvaluatedSaysSo() throws Exception {
        String page = page(
                scope(),
                List.of(
                        finding("lifecycle/cryptoperiod", "K1", "PASS", 1, "pci-dss:3.7.4"),
                        finding("other", "K2", "FAIL", 2, "c:1")));

        assertThat(page)
                .contains("<td>pci-dss:3.7.4<br>Keys are changed &lt;in time&gt;</td><td>1 rule</td>"
                        + numbers(2, 1, 0, 1, 0, 1))
                .contains("<td>pci-dss:3.7.8<br>Custodians accept</td><td>a person: the &lt;signed&gt; forms</td>"
                        + numbers(2, 0, 0, 2, 0, 0))
                .contains("<td>c:1</td><td>rules that no policy here states</td>" + numbers(2, 1, 1, 1, 0, 0))
                .contains("<td>Retention</td><td>operation 72 months (at hand 24): "
                        + "<a href=\"retention/classes.json\">by policy</a></td>");
    }

    @Test
    void operationsAreCountedByDayAndLinkedToTheFirst() throws Exception {
        assertThat(page(scope(), several()))
                .contains("<td>2026-09-21</td><td class=n>2</td>")
                .contains("<td>2026-09-22</td><td class=n>1</td>")
                .contains("aria-label=\"2 operations\"")
                .contains("1 operation without a time.");
    }

    @Test
    void aLongTimeIsCountedByMonthsOrYears() throws Exception {
        List<byte[]> daily = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            daily.add(operation(NOON + i * DAY));
        }

        assertThat(page(scope(), daily))
                .contains("<th>Month (UTC)</th>")
                .contains("<td>2026-10</td><td class=n>31</td>")
                .doesNotContain("<td>2026-09-21</td>");
    }

    @Test
    void whatOthersWroteIsTextAndNothingElse() throws Exception {
        String page = page(
                scope(),
                List.of(
                        finding(HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE + "2"),
                        finding("r", "x".repeat(9000), "FAIL", -1, "a:b", "a_b", "a_b"),
                        finding("r", "K", "FAIL", Long.MAX_VALUE - NOON, "a:b")));

        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain("\u202E", "\u0000")
                .doesNotContain("x".repeat(161))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\uFFFDgnp\uFFFD")
                .contains("id=\"control-a_b\"", "id=\"control-a_b-2\"")
                .contains("<td class=t>not stated</td>");
        assertThat(matches(page, "id=\"([^\"]*)\"")).doesNotHaveDuplicates();
    }

    @Test
    void noNumberOfPassesHidesAFailure() throws Exception {
        List<byte[]> many = new ArrayList<>();
        many.add(finding("r", "bad", "FAIL", 1, "c:1"));
        for (int i = 0; i < 300; i++) {
            many.add(finding("r", "good" + i, "PASS", 2 + i, "c:1"));
        }

        assertThat(section(page(scope(), many), "control-c_1"))
                .contains("200 of 301 findings")
                .contains("<td>bad</td>", "<td>good299</td>", "<td>good101</td>")
                .doesNotContain("<td>good100</td>");
    }

    @Test
    void aControlThatOnlyASupersededFindingNamesIsShownAndNothingIsToBeSetRight() throws Exception {
        String page = page(scope(), List.of(finding("r", "K1", "FAIL", 1, "c:1"), finding("r", "K1", "PASS", 2)));

        assertThat(section(page, "control-c_1"))
                .contains("<td>Newest of each rule on each key</td>" + numbers(0, 0, 0, 0))
                .contains("<td>All that were sealed</td>" + numbers(1, 0, 0, 0));
        assertThat(page).contains(OscalResults.NAME).doesNotContain(OscalResults.PLAN);
    }

    @Test
    void aFrameworkAskedForIsTheOnlyOneShown() throws Exception {
        Scope nist = new Scope(scope().parts(), Optional.empty(), Optional.of("nist-800-57"), Optional.empty());

        String page = page(
                nist,
                List.of(
                        finding("r", "K1", "PASS", 1, "pci-dss:3.6.1", "nist-800-57:5.2"),
                        finding("r", "K2", "FAIL", 2, "pci-dss:3.6.1")));

        assertThat(matches(page, "section id=\"([^\"]*)\"")).containsExactly("control-nist-800-57_5.2");
        assertThat(section(page, "control-nist-800-57_5.2"))
                .contains("<td>Newest of each rule on each key</td>" + numbers(0, 0, 0, 1));
    }

    @Test
    void theSameEntriesGiveTheSameBytesAndEveryLinkLeadsToAFileOfThePack() throws Exception {
        List<byte[]> entries = new ArrayList<>(several());
        entries.add(finding("material/strength", "K3", "FAIL", 6, "pci-dss:3.6.1"));
        TreeMap<String, byte[]> kept = new TreeMap<>();
        byte[] pack = pack(entries, kept);

        Path folder = unzip(pack);
        String page = Files.readString(folder.resolve(ReportPage.NAME));
        assertThat(page(scope(), entries, kept)).isEqualTo(page);
        List<String> links = matches(page, "href=\"([^\"]*)\"");
        assertThat(links)
                .anyMatch(link -> link.startsWith("log/2026/tile/entries/"))
                .contains("#control-pci-dss_3.6.1", OscalResults.NAME, OscalResults.PLAN);
        assertThat(new TreeSet<>(links)).allSatisfy(link -> {
            if (link.startsWith("#")) {
                assertThat(page).contains("id=\"" + link.substring(1) + "\"");
            } else {
                assertThat(folder.resolve(link)).isRegularFile();
            }
        });
    }

    @Test
    @Tag("server")
    void readsAndPrintsWithoutScript() throws Exception {
        List<byte[]> entries = new ArrayList<>(several());
        entries.add(finding(HOSTILE, HOSTILE, "FAIL", 9, HOSTILE));
        Path page = unzip(pack(entries, new TreeMap<>())).resolve(ReportPage.NAME);
        Files.createDirectories(PICTURES);

        try (PageBrowser browser = new PageBrowser()) {
            browser.read(page, shown -> {
                assertThat(shown.locator("section[id^=control-]").count()).isEqualTo(3);
                assertThat(shown.locator("section svg[role=img]").count()).isEqualTo(6);
                assertThat(shown.locator("script").count()).isZero();
                assertThat(shown.locator("h2").first().evaluate("it => getComputedStyle(it).fontWeight"))
                        .isEqualTo("600");
                shown.screenshot(new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve("report.png"))
                        .setFullPage(true));
                byte[] pdf = shown.pdf(new Page.PdfOptions().setFormat("A4").setPath(PICTURES.resolve("report.pdf")));
                assertThat(matches(new String(pdf, ISO_8859_1), "(/Type /Page)\\b"))
                        .hasSizeGreaterThanOrEqualTo(4);
            });
            assertThat(browser.faults()).isEmpty();
        }
    }

    private static List<byte[]> several() {
        return List.of(
                operation(NOON),
                operation(NOON + 1),
                operation(NOON + DAY),
                operation(0),
                finding("material/strength", "K1", "NOT-EVALUATED", 1, "pci-dss:3.6.1"),
                finding("usage/single_purpose", "K2", "NOT-APPLICABLE", 2, "pci-dss:3.6.1"),
                finding("lifecycle/cryptoperiod", "K1", "FAIL", 1, "pci-dss:3.7.4"),
                finding("lifecycle/cryptoperiod", "K2", "PASS", 4, "pci-dss:3.7.4"),
                finding("lifecycle/cryptoperiod", "K1", "PASS", 5, "pci-dss:3.7.4"));
    }

    private static byte[] operation(long time) {
        ObjectNode json = MAPPER.createObjectNode().put("class_uid", 6003);
        json.put("time", time);
        return CanonicalJson.bytes(json);
    }

    @Test
    void whatFailsByLeaveSaysSo() throws Exception {
        ObjectNode excepted = (ObjectNode) MAPPER.readTree(finding("r", "K", "FAIL", 1, "c:1"));
        excepted.withObject("/unmapped/keyproof/detail/evidence/exception")
                .put("name", "mig<ration")
                .put("until", 1_795_478_400)
                .put("approval", "01A");
        ObjectNode odd = (ObjectNode) MAPPER.readTree(finding("r", "L", "FAIL", 1, "c:1"));
        odd.withObject("/unmapped/keyproof/detail/evidence/exception")
                .put("name", "x")
                .put("until", Long.MAX_VALUE)
                .put("approval", "01A");

        String page = page(scope(), List.of(CanonicalJson.bytes(excepted), CanonicalJson.bytes(odd)));

        assertThat(page)
                .containsOnlyOnce("by leave: ")
                .contains(
                        "<strong>FAIL</strong><br>by leave: mig&lt;ration until 2026-11-24T00:00:00Z by approval 01A");
    }

    private static byte[] finding(String rule, String key, String verdict, long after, String... controls) {
        ObjectNode json = MAPPER.createObjectNode().put("class_uid", 2003).put("time", NOON + after);
        ObjectNode compliance =
                json.putObject("compliance").put("control", rule).put("status_code", verdict);
        for (String control : controls) {
            compliance.withArray("requirements").add(control);
        }
        json.putArray("resources").addObject().put("uid", key);
        return CanonicalJson.bytes(json);
    }

    private static Scope scope() {
        return Scope.range(2026, 0);
    }

    private static byte[] pack(List<byte[]> entries, Map<String, byte[]> kept) {
        return TESTING.pack(entries, TESTING.signer, files -> {
            kept.putAll(files);
            files.put("verify.html", new byte[] {'v'});
            files.put(ReportPage.NAME, page(scope(), entries, files).getBytes(UTF_8));
        });
    }

    private static String page(Scope scope, List<byte[]> entries) {
        TreeMap<String, byte[]> kept = new TreeMap<>();
        byte[] unused = pack(several(), kept);
        assertThat(unused).isNotEmpty();
        return page(scope, entries, kept);
    }

    private static String page(Scope scope, List<byte[]> entries, Map<String, byte[]> files) {
        PackContents contents = new PackContents(scope);
        OscalResults oscal = new OscalResults(scope);
        ReportEntries report = new ReportEntries(scope);
        String bundle = files.keySet().stream()
                .filter(name -> name.startsWith("log/2026/tile/entries/"))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = new Entry("log/2026", i, entries.get(i));
            contents.entry(entry, bundle);
            oscal.entry(entry, bundle);
            report.entry(entry, bundle);
        }
        try {
            byte[] checkpoint = Objects.requireNonNull(files.get("log/2026/checkpoint"));
            TreeMap<Integer, PackHeads.Head> heads = new TreeMap<>();
            heads.put(2026, new PackHeads.Head(SignedHead.parse(new String(checkpoint, UTF_8)), checkpoint, null));
            return new String(
                    new ReportPage(
                                    scope,
                                    new PackAssembly.Facts(
                                            heads,
                                            new TreeSet<>(),
                                            contents,
                                            new PackPolicies.Added(List.of(TESTING.policyBundle())),
                                            oscal.population(List.of(TESTING.policyBundle()), contents.keyIds()),
                                            new RetentionClasses(List.of(TESTING.policyBundle())).longest(),
                                            new PackRevocations.Added(Set.of(), false),
                                            (int) contents.findings(),
                                            report),
                                    Optional.empty())
                            .bytes(),
                    UTF_8);
        } catch (NoteException e) {
            throw new AssertionError(e);
        }
    }

    private Path unzip(byte[] pack) throws IOException {
        for (Map.Entry<String, byte[]> file : TestingZip.files(pack).entrySet()) {
            Path to = dir.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
        return dir;
    }

    private static String numbers(int... numbers) {
        StringBuilder cells = new StringBuilder();
        for (int number : numbers) {
            cells.append("<td class=n>").append(number).append("</td>");
        }
        return cells.toString();
    }

    private static String section(String page, String id) {
        int begin = page.indexOf("<section id=\"" + id + "\"");
        assertThat(begin).as(page).isNotNegative();
        return page.substring(begin, page.indexOf("</section>", begin));
    }

    private static List<String> matches(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
