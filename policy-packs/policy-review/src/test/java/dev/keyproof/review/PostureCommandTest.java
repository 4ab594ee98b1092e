package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.cli.PolicyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How keys and all else that rules judge stood at a past moment, from a real log alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostureCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** 150 days before the last event. */
    private static final String THEN = "2026-06-27T00:00:00Z";

    private Path policies;
    private Path log;
    private Path untilThen;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    /** Two keys were born 200 days before the last event, one of them with a period that is over since; a third is young. */
    @BeforeAll
    void sealed(@TempDir Path dir) throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        policies = Files.createDirectory(dir.resolve("policies"));
        Files.write(policies.resolve("bundle.tar.gz"), bundle.bytes());
        PolicyEngine engine = PolicyEngine.load(bundle);
        TestingHistory history = new TestingHistory(engine);
        history.created("LONG", 200, 300);
        history.created("SHORT", 200, 90);
        untilThen = history.sealed(dir.resolve("then/log"));
        history.created("YOUNG", 20, 90);
        history.call("Encrypt", "payments", "application", "YOUNG", "encrypt");
        log = history.sealed(dir.resolve("log"));
    }

    private int run(Path replayed, String... more) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine command = new CommandLine(new PolicyCommand());
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> words = new ArrayList<>(List.of("posture", "--replay", replayed.toString()));
        words.addAll(List.of(more));
        return command.execute(words.toArray(String[]::new));
    }

    private JsonNode json(Path replayed, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("--policies", policies.toString(), "--format", "json"));
        words.addAll(List.of(more));
        run(replayed, words.toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        return JSON.readTree(out.toString());
    }

    private static List<String> findings(JsonNode posture, String rule) {
        List<String> ids = new ArrayList<>();
        posture.path("findings").forEach(finding -> {
            if (finding.path("rule").asText().equals(rule)) {
                ids.add(finding.path("id").asText());
            }
        });
        return ids;
    }

    @Test
    void whatFailsNowDidNotFailThen() throws Exception {
        JsonNode now = json(log);
        JsonNode then = json(log, "--at", THEN);

        assertThat(now.at("/subjects/key").asInt()).isEqualTo(3);
        assertThat(findings(now, "lifecycle/cryptoperiod")).containsExactly("SHORT");
        assertThat(now.at("/rules/lifecycle~1cryptoperiod/PASS").asInt()).isEqualTo(2);
        assertThat(now.at("/controls/pci-dss:3.7.4/FAIL").asInt()).isPositive();
        assertThat(then.at("/subjects/key").asInt()).isEqualTo(2);
        assertThat(then.path("at").asText()).isEqualTo(THEN);
        // Its period of 90 days is over at the second of its birth, and policy lets it be late for a day at most.
        assertThat(since(now, "lifecycle/cryptoperiod", "SHORT")).startsWith("2026-08-0");
        assertThat(findings(then, "lifecycle/cryptoperiod")).isEmpty();
        assertThat(then.at("/rules/lifecycle~1cryptoperiod/PASS").asInt()).isEqualTo(2);
    }

    /** What was sealed later changes nothing of the past. */
    @Test
    void theLogAsItWasThenGivesTheSame() {
        run(log, "--policies", policies.toString(), "--at", THEN);
        String fromAll = out.toString();
        run(untilThen, "--policies", policies.toString(), "--at", THEN);

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).isEqualTo(fromAll).contains("# Posture at " + THEN, "2 keys");
    }

    @Test
    void theExitCodeSaysWhetherAKeyFails() {
        assertThat(run(log, "--policies", policies.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("| `lifecycle/cryptoperiod` | `SHORT` | medium |", "`log#1`");
    }

    @Test
    void eachFindingIsProvenByTheEntryThatToldTheKey() throws Exception {
        JsonNode posture = json(log);

        assertThat(posture.path("findings")).isNotEmpty();
        try (SealedLogReader reader = SealedLogReader.open(log)) {
            for (JsonNode finding : posture.path("findings")) {
                if (!finding.path("subject").asText().equals("key")) {
                    continue;
                }
                byte[] entry = reader.read(finding.path("index").asLong(), 1).getFirst();
                assertThat(JSON.readTree(entry).at("/resources/0/uid").asText())
                        .isEqualTo(finding.path("id").asText());
                List<Hash> path = new ArrayList<>();
                finding.path("proof")
                        .forEach(hash -> path.add(Hash.of(Base64.getDecoder().decode(hash.asText()))));
                assertThat(new InclusionProof(
                                        finding.path("index").asLong(),
                                        finding.path("size").asLong(),
                                        path)
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

    /** What a caller, a broker and a token told until the first day, and then did that no rule lets pass. */
    @Test
    void accountsTokensAndTheInstallationAreJudgedLikeKeys(@TempDir Path dir) throws Exception {
        Path until;
        Path all;
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.builtIn());
        TestingHistory history = new TestingHistory(engine);
        history.acted("CreateKey", "anna", "administrator", 20);
        history.told("service", "StartBroker", 20, "{'detail':{'policy':'p','data':'d'}}");
        history.told("service", "AdoptDeviceObjects", 20, "{'detail':{'token':'t','objects':0}}");
        history.told("intent", "RotateKey", 20, "{}");
        until = history.sealed(dir.resolve("until/log"));
        history.acted("Encrypt", "anna", "application", 10);
        history.told("service", "JournalGap", 10, "{'detail':{}}");
        history.told(
                "service",
                "DeviceTampered",
                10,
                "{'detail':{'token':'t','kind':'aes','label':'mine','difference':'nobody ordered it'}}");
        history.told("operation", "RotateKey", 9, "{'intent':'E3'}");
        history.entry("""
                {"class_uid": 2004, "time": 1794690000000, "metadata": {"uid": "continuity-gap-1"},
                 "finding_info": {"analytic": {"uid": "keyproof-continuity-gap"}},
                 "unmapped": {"keyproof": {"kind": "service", "detail": {"source": "broker", "epoch": "e", "sequence": 5}}}}""");
        history.entry("{\"keyproof\": \"quarantine/v1\", \"reason\": \"damaged\"}");
        all = history.sealed(dir.resolve("all/log"));

        JsonNode now = json(all);
        JsonNode then = json(all, "--at", "2026-11-05");

        assertThat(now.path("subjects")).hasToString("{\"account\":1,\"installation\":1,\"log\":1,\"token\":1}");
        List<String> broken = List.of(
                "account anna separation/conflicting_roles log#4",
                "log log logging/records_whole log#9",
                "log log logging/nothing_set_aside log#9",
                "installation installation logging/journal_never_full log#7",
                "token t device/not_tampered log#6");
        assertThat(subjects(now)).containsAll(broken).noneMatch(text -> text.contains("logging/intent_completed"));
        assertThat(subjects(then)).doesNotContainAnyElementsOf(broken);
        assertThat(subjects(then)).contains("installation installation logging/intent_completed log#3");
        assertThat(then.at("/rules/separation~1conflicting_roles/PASS").asInt()).isEqualTo(1);
        assertThat(then.at("/rules/logging~1records_whole/PASS").asInt()).isEqualTo(1);
        assertThat(then.at("/rules/logging~1nothing_set_aside/PASS").asInt()).isEqualTo(1);
        assertThat(then.at("/rules/logging~1journal_never_full/PASS").asInt()).isEqualTo(1);
        assertThat(then.at("/rules/device~1not_tampered/PASS").asInt()).isEqualTo(1);

        assertThat(run(all, "--policies", policies.toString(), "--at", "2026-11-05"))
                .isEqualTo(1);
        String fromAll = out.toString();
        assertThat(fromAll).contains("1 account, 1 installation, 1 log, 1 token, judged by", "| `installation` |");
        run(until, "--policies", policies.toString(), "--at", "2026-11-05");
        assertThat(out.toString()).isEqualTo(fromAll);
    }

    private static List<String> subjects(JsonNode posture) {
        List<String> texts = new ArrayList<>();
        posture.path("findings")
                .forEach(finding -> texts.add(finding.path("subject").asText() + " "
                        + finding.path("id").asText() + " "
                        + finding.path("rule").asText() + " "
                        + finding.path("log").asText() + "#"
                        + finding.path("index").asLong()));
        return texts;
    }

    /** It fails by leave of a quorum, and when that is over without, and the exception is a finding besides. */
    @Test
    void anExceptionIsSeenWhileItLastsAndAfterwards(@TempDir Path dir) throws Exception {
        Path excepted;
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.builtIn());
        TestingHistory history = new TestingHistory(engine);
        history.created("SHORT", 200, 90);
        history.granted("SHORT", "lifecycle/cryptoperiod", 60, 30);
        history.call("Encrypt", "payments", "application", "SHORT", "encrypt");
        excepted = history.sealed(dir.resolve("log"));

        JsonNode during = json(excepted, "--at", "2026-10-10");
        JsonNode after = json(excepted);

        JsonNode excused = finding(during, "lifecycle/cryptoperiod");
        assertThat(excused.at("/exception/name").asText()).isEqualTo("migration");
        assertThat(excused.at("/exception/approval").asText()).isEqualTo("01APPROVAL");
        assertThat(findings(during, "custody/exceptions_current")).isEmpty();
        assertThat(finding(after, "lifecycle/cryptoperiod").has("exception")).isFalse();
        assertThat(finding(after, "custody/exceptions_current").path("faults"))
                .extracting(JsonNode::asText)
                .containsExactly("expired:migration");
        run(excepted, "--policies", policies.toString(), "--at", "2026-10-10");
        assertThat(out.toString()).contains("1 of them by leave of a quorum", "| 2026-10-25T00:00:00Z |");
    }

    private static JsonNode finding(JsonNode posture, String rule) {
        for (JsonNode finding : posture.path("findings")) {
            if (finding.path("rule").asText().equals(rule)) {
                return finding;
            }
        }
        throw new AssertionError(rule + " is no finding of " + posture);
    }

    /** By what was told, by time alone, and from as far back as anything is told. */
    @Test
    void sinceWhenItFailsIsFoundInTheHistory(@TempDir Path dir) throws Exception {
        Path sealed;
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.builtIn());
        TestingHistory history = new TestingHistory(engine);
        history.told("service", "StartBroker", 30, "{'detail':{'policy':'p','data':'d'}}");
        history.acted("CreateKey", "anna", "administrator", 20);
        history.acted("Encrypt", "mixed", "application administrator", 12);
        history.acted("Encrypt", "anna", "application", 10);
        history.told("service", "JournalGap", 8, "{'detail':{}}");
        history.told("intent", "RotateKey", 5, "{}");
        history.acted("Encrypt", "payments", "application", 0);
        sealed = history.sealed(dir.resolve("log"));

        JsonNode posture = json(sealed);

        assertThat(since(posture, "logging/journal_never_full", "installation"))
                .as("at the moment when it was told")
                .isEqualTo("2026-11-16T00:00:00Z 2026-11-16T00:00:00Z");
        assertThat(since(posture, "logging/intent_completed", "installation"))
                .as("a quarter of an hour after it was told, when time alone broke it")
                .startsWith("2026-11-19T00:15:0");
        assertThat(since(posture, "separation/conflicting_roles", "anna"))
                .as("between the two calls of the account")
                .isEqualTo("2026-11-14T00:00:00Z 2026-11-14T00:00:00Z");
        assertThat(since(posture, "separation/conflicting_roles", "mixed"))
                .as("as far back as anything is told of it")
                .isEqualTo("2026-11-12T00:00:00Z ");
        run(sealed, "--policies", policies.toString());
        assertThat(out.toString()).contains("| 2026-11-16T00:00:00Z |", "| 2026-11-12T00:00:00Z or before |");
    }

    private static String since(JsonNode posture, String rule, String id) {
        for (JsonNode finding : posture.path("findings")) {
            if (finding.path("rule").asText().equals(rule)
                    && finding.path("id").asText().equals(id)) {
                return finding.path("since").asText() + " "
                        + finding.path("passed").asText();
            }
        }
        throw new AssertionError(rule + " is no finding of " + id + " in " + posture);
    }

    @Test
    void whatCannotBeSaidIsSaidSo() {
        assertThat(run(log)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("keyproof: the policy in force then, sha256:")
                .contains("--policies DIR");
        assertThat(run(log, "--at", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).startsWith("keyproof: --at: 'yesterday' is neither a date");
        assertThat(run(log, "--policies", policies.toString(), "--at", "2020-01-01"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("keyproof: nothing was decided before 2020-01-02");
        assertThat(run(log.resolveSibling("nowhere"))).isEqualTo(2);
    }
}
