package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.history.LogHistory;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.Policies;
import dev.keyproof.review.replay.Replay;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.report.JUnitReport;
import dev.keyproof.review.report.JsonReport;
import dev.keyproof.review.report.MarkdownReport;
import dev.keyproof.review.report.Review;
import dev.keyproof.review.report.SarifReport;
import dev.keyproof.review.report.Thresholds;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.Subjects;
import dev.keyproof.review.standing.Verdict;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How the keys of a real log stand under the packs that ship, and under the same with shorter cryptoperiods. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RuleResult.Control PCI = new RuleResult.Control("pci-dss", "4.0.1", "3.7.4");

    private PolicyBundle bundle;
    private PolicyEngine shipped;
    private PolicyEngine shorter;
    private Path log;

    /** Twenty young keys, ten that are old, and three uses. */
    @BeforeAll
    void sealed(@TempDir Path dir) throws Exception {
        bundle = PolicyBundle.builtIn();
        shipped = PolicyEngine.load(bundle);
        ObjectNode parameters = (ObjectNode) bundle.data().at("/keyproof/parameters");
        parameters.withObject("/cryptoperiods/encrypt").put("days", 200);
        Overlay overlay = Overlay.of("test.json", parameters.toString().getBytes(StandardCharsets.UTF_8));
        shorter = PolicyEngine.load(EffectivePolicy.of(bundle, List.of(overlay)).bundle());
        TestingHistory history = new TestingHistory(shipped);
        IntStream.range(0, 10).forEach(i -> history.created("OLD" + i, 260 - i, 300));
        IntStream.range(0, 20).forEach(i -> history.created("YOUNG" + i, 40 - i, 90));
        history.call("Encrypt", "payments", "application", "OLD0", "encrypt");
        history.call("Encrypt", "visitor", "auditor", "OLD1", "encrypt");
        history.call("Encrypt", "payments", "application", "YOUNG1", "encrypt");
        log = history.sealed(dir.resolve("log"));
    }

    private Review review(PolicyEngine base, PolicyEngine head, Period period) throws Exception {
        return review(log, base, head, period);
    }

    private Review review(Path log, PolicyEngine base, PolicyEngine head, Period period) throws Exception {
        LogHistory history = LogHistory.of(log, List.of());
        Subjects subjects = new Subjects();
        Policies kept = new Policies(List.of(bundle), Policies.REMEMBERED);
        ReplayReport replay = new Replay(
                        kept, DecisionMemo.over(base, 100), DecisionMemo.over(head, 100), 1, done -> {})
                .run(history, period, subjects::event);
        return new Review(
                "main", "x", "y", replay, subjects.judged(base, head, subjects.at(period), 2), history.unproven());
    }

    private StandingReport standing(PolicyEngine base, PolicyEngine head) throws Exception {
        StandingReport standing = review(base, head, Period.ALL).standing();
        assertThat(standing).isNotNull();
        return standing;
    }

    @Test
    void whatFailsNowIsNamedByRuleControlAndKeyWithProofs() throws Exception {
        StandingReport standing = standing(shipped, shorter);

        assertThat(standing.subjects()).isEqualTo(Map.of("key", 30L, "log", 1L));
        assertThat(standing.changes()).hasSize(1);
        VerdictGroup group = standing.changes().getFirst();
        assertThat(group.change()).isEqualTo(VerdictChange.FAILING);
        assertThat(group.rule()).isEqualTo("lifecycle/cryptoperiod");
        assertThat(group.before()).isEqualTo(Verdict.PASS);
        assertThat(group.after()).isEqualTo(Verdict.FAIL);
        assertThat(group.count()).isEqualTo(10);
        assertThat(group.controls()).contains(PCI);
        assertThat(group.examples())
                .extracting(VerdictGroup.Example::id)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "OLD" + i).toList());
        assertThat(standing.byControl()).containsEntry(PCI, Map.of(VerdictChange.FAILING, 10L));
        LogHistory history = LogHistory.of(log, List.of());
        try (SealedLogReader reader = SealedLogReader.open(log)) {
            for (VerdictGroup.Example example : group.examples()) {
                byte[] entry = reader.read(example.told().index(), 1).getFirst();
                assertThat(JSON.readTree(entry).at("/resources/0/uid").asText()).isEqualTo(example.id());
                assertThat(history.proof(example.told())
                                .verifies(
                                        new TreeHasher().leaf(entry),
                                        new TileFolder(log)
                                                .checkpoint()
                                                .checkpoint()
                                                .root()))
                        .isTrue();
            }
        }
    }

    @Test
    void whatIsExcusedStandsInEveryReportAndFails() throws Exception {
        Review review = review(shorter, shipped, Period.ALL);
        LogHistory history = LogHistory.of(log, List.of());

        assertThat(MarkdownReport.of(review))
                .contains(
                        "**No past decision changes.**",
                        "**Of the verdicts on 30 keys, 1 log**",
                        "- **10** failed before, fails no more",
                        "| 10 | `lifecycle/cryptoperiod` | FAIL | PASS | `OLD0`, `OLD1`, `OLD2` | `log#0`, `log#1`, `log#2` |",
                        "| `pci-dss 4.0.1 3.7.4` | 10 | 0 | 0 |");
        JsonNode json = JSON.readTree(JsonReport.of(review, history::proof));
        assertThat(json.at("/standing/changes/excused").asInt()).isEqualTo(10);
        assertThat(json.at("/standing/flips/0/examples/0/id").asText()).isEqualTo("OLD0");
        assertThat(json.at("/standing/flips/0/examples/0/proof")).isNotEmpty();
        assertThat(json.at("/standing/flips/0/controls").findValuesAsText("id")).contains("3.7.4");
        assertThat(json.at("/standing/controls/0/excused").asInt()).isEqualTo(10);
        JsonNode sarif =
                TestingSarif.run(SarifReport.of(review, Path.of("policy"))).path("results");
        assertThat(sarif).hasSize(1);
        assertThat(sarif.at("/0/ruleId").asText()).isEqualTo("rules/excused");
        assertThat(sarif.at("/0/level").asText()).isEqualTo("error");
        assertThat(JUnitReport.of(review, Thresholds.of(List.of("excused"))))
                .contains("<failure message=\"10 failed before, fails no more\">10 lifecycle/cryptoperiod");

        assertThat(Thresholds.of(List.of("excused")).fail(review)).isTrue();
        assertThat(Thresholds.of(List.of("excused=9")).fail(review)).isTrue();
        assertThat(Thresholds.of(List.of("excused=10", "opened")).fail(review)).isFalse();
        assertThatThrownBy(() -> Thresholds.of(List.of("excused=many"))).hasMessage("'excused=many' ends in no number");
    }

    @Test
    void whatNobodyProvedStandsInEveryReport() throws Exception {
        Review review = review(shipped, shipped, Period.ALL);
        String sentence = "The log was read as it lies in its folder: who signed its heads is proven by a pack alone.";

        assertThat(MarkdownReport.of(review)).contains("- not proven: " + sentence);
        assertThat(JSON.readTree(JsonReport.of(review, LogHistory.of(log, List.of())::proof))
                        .at("/unproven/0")
                        .asText())
                .isEqualTo(sentence);
        assertThat(TestingSarif.run(SarifReport.of(review, Path.of("policy")))
                        .at("/invocations/0/toolExecutionNotifications/0/message/text")
                        .asText())
                .isEqualTo("Not proven: " + sentence);
        assertThat(JUnitReport.of(review, Thresholds.of(List.of())))
                .contains("<system-out>Not proven: " + sentence + "</system-out>");
    }

    /** A policy that looks back over fewer days and keeps no roles apart excuses what each of them did. */
    @Test
    void accountsTokensAndTheInstallationFlipInEveryReport(@TempDir Path dir) throws Exception {
        ObjectNode parameters =
                (ObjectNode) bundle.data().at("/keyproof/parameters").deepCopy();
        parameters.putArray("separation").addArray().add("custodian").add("counsel");
        parameters.withObject("/tolerances").put("lookBackDays", 1);
        Overlay overlay = Overlay.of("test.json", parameters.toString().getBytes(StandardCharsets.UTF_8));
        TestingHistory history = new TestingHistory(shipped);
        history.acted("CreateKey", "anna", "administrator", 20);
        history.acted("Encrypt", "anna", "application", 10);
        history.told("service", "JournalGap", 10, "{'detail':{}}");
        history.told(
                "service",
                "DeviceTampered",
                10,
                "{'detail':{'token':'t','kind':'aes','label':'mine','difference':'nobody ordered it'}}");
        history.acted("Encrypt", "payments", "application", 0);
        Path others = history.sealed(dir.resolve("log"));
        PolicyEngine lenient =
                PolicyEngine.load(EffectivePolicy.of(bundle, List.of(overlay)).bundle());
        Review review = review(others, shipped, lenient, Period.ALL);

        StandingReport standing = review.standing();
        assertThat(standing).isNotNull();
        assertThat(standing.subjects()).isEqualTo(Map.of("account", 2L, "installation", 1L, "log", 1L, "token", 1L));
        assertThat(standing.changes())
                .filteredOn(group -> group.change() == VerdictChange.EXCUSED)
                .extracting(VerdictGroup::rule, group -> group.examples().getFirst())
                .contains(
                        tuple("separation/conflicting_roles", example("account", "anna", 1)),
                        tuple("logging/journal_never_full", example("installation", "installation", 3)),
                        tuple("device/not_tampered", example("token", "t", 3)));
        assertThat(MarkdownReport.of(review))
                .contains(
                        "**Of the verdicts on 2 accounts, 1 installation, 1 log, 1 token**",
                        "| `account anna` | `log#1` |");
        JsonNode flips = JSON.readTree(JsonReport.of(review, LogHistory.of(others, List.of())::proof))
                .at("/standing/flips");
        assertThat(flips.findValuesAsText("subject")).contains("account", "installation", "token");
        assertThat(SarifReport.of(review, Path.of("policy")))
                .contains(
                        "1 times, as of account anna, by separation/conflicting_roles",
                        "as of token t, by device/not_tampered");
        assertThat(JUnitReport.of(review, Thresholds.of(List.of("excused"))))
                .contains("1 separation/conflicting_roles, as of account anna", "1 device/not_tampered, as of token t");
        assertThat(Thresholds.of(List.of("excused")).fail(review)).isTrue();
    }

    /** Of three keys that are too old for the head, a quorum lets one fail for a time, and let another until yesterday. */
    @Test
    void whatFailsByLeaveIsToldApartInEveryReport(@TempDir Path dir) throws Exception {
        TestingHistory history = new TestingHistory(shipped);
        history.created("EXCEPTED", 250, 300);
        history.created("EXPIRED", 250, 300);
        history.created("PLAIN", 250, 300);
        history.granted("EXCEPTED", "lifecycle/cryptoperiod", 60, 90);
        history.granted("EXPIRED", "lifecycle/cryptoperiod", 60, 59);
        history.call("Encrypt", "payments", "application", "PLAIN", "encrypt");
        Path excepted = history.sealed(dir.resolve("log"));

        Review review = review(excepted, shipped, shorter, Period.ALL);

        StandingReport standing = review.standing();
        assertThat(standing).isNotNull();
        assertThat(standing.changes())
                .extracting(
                        VerdictGroup::change,
                        VerdictGroup::rule,
                        VerdictGroup::byLeave,
                        group -> group.examples().stream()
                                .map(VerdictGroup.Example::id)
                                .toList())
                .containsExactly(
                        tuple(VerdictChange.FAILING, "lifecycle/cryptoperiod", false, List.of("EXPIRED", "PLAIN")),
                        tuple(VerdictChange.FAILING, "lifecycle/cryptoperiod", true, List.of("EXCEPTED")));
        assertThat(MarkdownReport.of(review))
                .contains(
                        "- **3** did not fail before, fails now, **1** by leave of a quorum\n",
                        "| 2 | `lifecycle/cryptoperiod` | PASS | FAIL | `EXPIRED`, `PLAIN` |",
                        "| 1 | `lifecycle/cryptoperiod` | PASS | FAIL by leave | `EXCEPTED` by leave until 2026-12-24 |");
        JsonNode flips = JSON.readTree(JsonReport.of(review, LogHistory.of(excepted, List.of())::proof))
                .at("/standing/flips");
        assertThat(flips.at("/0/byLeave").asBoolean(true)).isFalse();
        assertThat(flips.at("/0/examples/0").has("exception")).isFalse();
        assertThat(flips.at("/1/byLeave").asBoolean()).isTrue();
        assertThat(flips.at("/1/examples/0/exception").toString())
                .contains("\"name\":\"migration\"", "\"until\":1798070400", "\"approval\":\"01APPROVAL\"");
        JsonNode sarif =
                JSON.readTree(SarifReport.of(review, Path.of("policy"))).at("/runs/0/results");
        assertThat(sarif)
                .extracting(
                        result -> result.path("level").asText(),
                        result -> result.at("/message/text").asText())
                .containsExactly(
                        tuple(
                                "warning",
                                "2 times, as of EXPIRED, by lifecycle/cryptoperiod: did not fail before, fails now (PASS before, FAIL now)"),
                        tuple(
                                "note",
                                "1 times, as of EXCEPTED by leave until 2026-12-24, by lifecycle/cryptoperiod:"
                                        + " did not fail before, fails now (PASS before, FAIL by leave now)"));
        assertThat(JUnitReport.of(review, Thresholds.of(List.of("failing"))))
                .contains("1 lifecycle/cryptoperiod, as of EXCEPTED by leave until 2026-12-24");
        // The other way round it is what failed before that failed by leave.
        assertThat(MarkdownReport.of(review(excepted, shorter, shipped, Period.ALL)))
                .contains(
                        "| 1 | `lifecycle/cryptoperiod` | FAIL by leave | PASS | `EXCEPTED` by leave until 2026-12-24 |");
    }

    /** A repository with names that no URI has, and a policy in it that has no rule of its own at first. */
    @Test
    void codeScanningFindsTheFileAndKnowsTheFindingAgain(@TempDir Path dir) throws Exception {
        Path policy = Files.createDirectories(dir.resolve("repository/our: policy/100% #1"));
        Files.createDirectory(dir.resolve("repository/.git"));
        Review review = review(shipped, shorter, Period.ALL);
        String uri = "our%3A%20policy/100%25%20%231/";

        assertThat(place(review, policy)).isEqualTo(uri + "build.sh");
        for (String file : List.of("parameters/data.json", "overlay.json", "rules/lifecycle/cryptoperiod/rule.rego")) {
            Files.createDirectories(policy.resolve(file).getParent());
            Files.createFile(policy.resolve(file));
            assertThat(place(review, policy)).isEqualTo(uri + file);
            assertThat(place(review, Path.of("").toAbsolutePath().relativize(policy)))
                    .isEqualTo(uri + file);
        }

        String known = fingerprint(review, policy);
        assertThat(fingerprint(review(shipped, shorter, Period.of("", "2026-11-23")), policy))
                .isEqualTo(known);
        assertThat(fingerprint(review(shorter, shipped, Period.ALL), policy)).isNotEqualTo(known);
    }

    private static String place(Review review, Path policy) throws Exception {
        JsonNode place = TestingSarif.run(SarifReport.of(review, policy)).at("/results/0/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uriBaseId").asText()).isEqualTo("%SRCROOT%");
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(1);
        return place.at("/artifactLocation/uri").asText();
    }

    private static String fingerprint(Review review, Path policy) throws Exception {
        return TestingSarif.run(SarifReport.of(review, policy))
                .at("/results/0/partialFingerprints/finding~1v1")
                .asText();
    }

    private static VerdictGroup.Example example(String subject, String id, long index) {
        return new VerdictGroup.Example(
                subject, id, new Place("log", index, 1_795_478_400_000L - 10 * 86_400_000L), MissingNode.getInstance());
    }

    @Test
    void ofTwoPoliciesThatSayTheSameNothingIsTold() throws Exception {
        Review review = review(shipped, shipped, Period.ALL);

        assertThat(MarkdownReport.of(review)).contains("**No verdict of the rules changes.**");
        assertThat(Thresholds.of(List.of("opened", "excused", "failing", "regraded"))
                        .fail(review))
                .isFalse();
    }

    @Test
    void aPeriodLimitsWhatIsDecidedAgainAndWhenKeysAreJudged() throws Exception {
        // The last of the old keys was 251 days old on the day of the first call.
        Review review = review(shipped, shorter, Period.of("2026-03-10", "2026-10-18"));

        assertThat(review.replay()).isNotNull();
        assertThat(review.replay().decisions())
                .as("keys made since the tenth of March until the eighteenth of October")
                .isEqualTo(9 + 4);
        StandingReport standing = review.standing();
        assertThat(standing).isNotNull();
        assertThat(standing.subjects())
                .as("those made before are judged as well")
                .isEqualTo(Map.of("key", 14L, "log", 1L));
        assertThat(standing.at())
                .isEqualTo(Period.of("", "2026-10-19T00:00:00Z").to());
        assertThat(standing.count(VerdictChange.FAILING)).isEqualTo(10);

        assertThatThrownBy(() -> Period.of("yesterday", ""))
                .hasMessage("'yesterday' is neither a date (2026-11-24) nor a time (2026-11-24T09:00:00Z)");
        assertThatThrownBy(() -> Period.of("2026-11-24", "2026-11-23")).hasMessage("a period ends after it begins");
    }

    @Test
    void whatHeadCannotDecideOrJudgeIsToldAsThat(@TempDir Path dir) throws Exception {
        PolicyEngine broken = PolicyEngine.load(TestingPolicy.failing(bundle, dir));

        Review review = review(shipped, broken, Period.of("", "2026-03-09"));

        assertThat(review.replay()).isNotNull();
        assertThat(review.replay().decisions()).isEqualTo(1);
        assertThat(review.replay().count(Change.UNDECIDABLE)).isEqualTo(1);
        StandingReport standing = review.standing();
        assertThat(standing).isNotNull();
        assertThat(standing.changes())
                .extracting(VerdictGroup::change, VerdictGroup::after)
                .containsOnly(tuple(VerdictChange.UNJUDGED, Verdict.ERROR));
        assertThat(standing.count(VerdictChange.UNJUDGED)).isGreaterThan(5);
        assertThat(Thresholds.of(List.of("unjudged")).fail(review)).isTrue();
        assertThat(Thresholds.of(List.of("undecidable")).fail(review)).isTrue();
        assertThat(Thresholds.of(List.of("opened")).fail(review)).isFalse();
    }
}
