package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.history.LogHistory;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.Policies;
import dev.keyproof.review.replay.Replay;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.report.JUnitReport;
import dev.keyproof.review.report.JsonReport;
import dev.keyproof.review.report.MarkdownReport;
import dev.keyproof.review.report.Review;
import dev.keyproof.review.report.SarifReport;
import dev.keyproof.review.report.Thresholds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Past decisions made again, over a real log and by the packs that ship. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyBundle bundle;
    private PolicyEngine engine;
    private Path bundleFile;

    @TempDir
    private Path dir;

    @BeforeAll
    void load(@TempDir Path shared) throws Exception {
        bundle = PolicyBundle.builtIn();
        engine = PolicyEngine.load(bundle);
        bundleFile = Files.write(shared.resolve("bundle.tar.gz"), bundle.bytes());
    }

    /** 600 calls: two services sign and encrypt, one may not; an administrator rotates. */
    private TestingHistory history() {
        TestingHistory history = new TestingHistory(engine);
        for (int i = 0; i < 150; i++) {
            history.call("Encrypt", "payments", "application", "K1", "encrypt");
            history.call("Sign", "invoices", "application", "K2", "sign");
            history.call("Encrypt", "visitor", "auditor", "K1", "encrypt");
            history.call("RotateKey", "root", "administrator", "K1", "encrypt");
        }
        return history;
    }

    private DecisionMemo changed(Consumer<ObjectNode> change) throws Exception {
        return changed(change, 1000);
    }

    private DecisionMemo changed(Consumer<ObjectNode> change, int remembered) throws Exception {
        ObjectNode parameters = (ObjectNode) bundle.data().at("/keyproof/parameters");
        change.accept(parameters);
        Overlay overlay = Overlay.of("test.json", parameters.toString().getBytes(StandardCharsets.UTF_8));
        return DecisionMemo.over(
                PolicyEngine.load(EffectivePolicy.of(bundle, List.of(overlay)).bundle()), remembered);
    }

    private ReplayReport replay(Path log, DecisionMemo head) throws Exception {
        return replay(log, head, 1000);
    }

    private ReplayReport replay(Path log, DecisionMemo head, int remembered) throws Exception {
        Policies kept = new Policies(List.of(bundle), remembered);
        return new Replay(kept, kept.of(bundle), head, 2, done -> {}).run(LogHistory.of(log, List.of(bundleFile)));
    }

    private DecisionMemo same() throws Exception {
        return changed(parameters -> {});
    }

    @Test
    void everySealedDecisionIsMadeAgain() throws Exception {
        Path log = history().sealed(dir.resolve("again"));

        ReplayReport report = replay(log, same());

        assertThat(report.decisions()).isEqualTo(600);
        assertThat(report.replayed()).isEqualTo(600);
        assertThat(report.same()).isEqualTo(600);
        assertThat(report.isFaithful()).isTrue();
        assertThat(report.flips()).isEmpty();
        assertThat(report.undecided()).isEmpty();
    }

    @Test
    void aResultThatPolicyDidNotGiveIsFound() throws Exception {
        TestingHistory history = history();
        ObjectNode event = history.event("operation", TestingHistory.input("Sign", "eve", "auditor", "K2", "sign"));
        ObjectNode result = (ObjectNode) event.at("/unmapped/keyproof/decision/result");
        result.put("allow", true);
        int place = history.size();
        history.add(event);

        ReplayReport report = replay(history.sealed(dir.resolve("forged")), same());

        assertThat(report.same()).isEqualTo(600);
        assertThat(report.isFaithful()).isFalse();
        assertThat(report.differing()).extracting(Place::index).containsExactly((long) place);
    }

    @Test
    void anIntentAndItsOutcomeAreOneDecisionAndALeftOutOneIsTakenFromTheIntent() throws Exception {
        TestingHistory history = new TestingHistory(engine);
        ObjectNode input = TestingHistory.input("RotateKey", "root", "administrator", "K1", "encrypt");
        ObjectNode intent = history.event("intent", input);
        history.add(intent);
        ObjectNode outcome = history.event("operation", input);
        ours(outcome).put("intent", "E0");
        history.add(outcome);
        ObjectNode second = history.event("intent", input);
        history.add(second);
        ObjectNode reduced = history.event("operation", input);
        ours(reduced).put("intent", "E2").remove("decision");
        ours(reduced).putObject("detail").put("reduced", true);
        history.add(reduced);
        ObjectNode repeated = history.event("operation", input);
        ours(repeated).remove("decision");
        ours(repeated).putObject("detail").put("repeats", "broker-1/E/7");
        history.add(repeated);
        ObjectNode both = history.event("operation", input);
        ours(both).putObject("detail").set("alsoDecided", both.at("/unmapped/keyproof/decision"));
        history.add(both);

        ReplayReport report = replay(history.sealed(dir.resolve("intents")), same());

        assertThat(report.decisions()).isEqualTo(4);
        assertThat(report.same()).isEqualTo(4);
        assertThat(report.without()).containsExactly(java.util.Map.entry("answered as the first of its kind was", 1L));
    }

    private static ObjectNode ours(ObjectNode event) {
        return (ObjectNode) event.at("/unmapped/keyproof");
    }

    @Test
    void whoWouldBeLockedOutAndLetInIsNamedWithProofs() throws Exception {
        Path log = history().sealed(dir.resolve("flips"));
        DecisionMemo head = changed(parameters -> {
            // Signing is no application's any more, and auditors encrypt.
            ((ObjectNode) parameters.path("roles"))
                    .putArray("application")
                    .add("Encrypt")
                    .add("Decrypt");
            ((ObjectNode) parameters.path("roles")).putArray("auditor").add("Encrypt");
        });

        ReplayReport report = replay(log, head);

        assertThat(report.flips())
                .extracting(
                        FlipGroup::change,
                        FlipGroup::operation,
                        FlipGroup::actor,
                        FlipGroup::key,
                        FlipGroup::before,
                        FlipGroup::after,
                        FlipGroup::count)
                .containsExactly(
                        tuple(
                                Change.OPENED,
                                "Encrypt",
                                "visitor",
                                "K1",
                                List.of("role-not-permitted"),
                                List.of("granted"),
                                150L),
                        tuple(
                                Change.LOCKED,
                                "Sign",
                                "invoices",
                                "K2",
                                List.of("granted"),
                                List.of("role-not-permitted"),
                                150L));
        assertThat(report.remembered())
                .as("what reads the same is decided once")
                .isGreaterThan(1100);
        LogHistory history = LogHistory.of(log, List.of());
        try (SealedLogReader reader = SealedLogReader.open(log)) {
            for (FlipGroup flip : report.flips()) {
                assertThat(flip.examples()).hasSize(3);
                for (Place place : flip.examples()) {
                    InclusionProof proof = history.proof(place);
                    byte[] entry = reader.read(place.index(), 1).getFirst();
                    assertThat(proof.verifies(
                                    new TreeHasher().leaf(entry),
                                    new TileFolder(log)
                                            .checkpoint()
                                            .checkpoint()
                                            .root()))
                            .isTrue();
                }
            }
        }

        Review review = new Review("main", bundle.digest(), bundle.digest(), report, null, List.of());
        assertThat(MarkdownReport.of(review))
                .contains(
                        "- **150** refused before, allowed now",
                        "- **150** allowed before, refused now",
                        "| 150 | `Sign` | `invoices` | `K2` | `granted` | `role-not-permitted` |",
                        "replayed = sealed: 600 of 600");
        JsonNode json = JSON.readTree(JsonReport.of(review, history::proof));
        assertThat(json.at("/replay/changes/opened").asInt()).isEqualTo(150);
        assertThat(json.at("/replay/flips/0/examples/0/proof")).isNotEmpty();
        JsonNode sarif =
                TestingSarif.run(SarifReport.of(review, Path.of("../packs"))).path("results");
        assertThat(sarif).hasSize(2);
        assertThat(sarif.at("/0/level").asText()).isEqualTo("error");
        assertThat(sarif.findValuesAsText("uri")).containsOnly("policy-packs/packs/parameters/data.json");
        assertThat(sarif.findValuesAsText("finding/v1")).doesNotHaveDuplicates().hasSize(2);
        assertThat(JUnitReport.of(review, Thresholds.of(List.of("opened"))))
                .contains("<testcase classname=\"policy.replay\" name=\"locked\"></testcase>")
                .contains("<failure message=\"150 refused before, allowed now\">150 Encrypt visitor K1");
    }

    /** Calls of all kinds, some alike but for what no policy reads, some spelled otherwise, some with a result that policy did not give. */
    private TestingHistory mixed(PolicyEngine decides) {
        TestingHistory history = new TestingHistory(decides);
        Random random = new Random(20_261_127);
        List<String> operations = List.of("Encrypt", "Sign", "RotateKey", "GetKey", "Nothing");
        for (int i = 0; i < 2_000; i++) {
            ObjectNode input = TestingHistory.input(
                    operations.get(random.nextInt(operations.size())),
                    random.nextInt(3) == 0 ? "Zo\u00eb" : "app",
                    random.nextBoolean() ? "application" : "administrator",
                    "K" + random.nextInt(4),
                    random.nextBoolean() ? "encrypt" : "sign");
            input.put("unread", random.nextInt(3));
            if (random.nextInt(10) == 0) {
                input.withObject("/key").put("state", "suspended");
            }
            ObjectNode event = history.event("operation", input);
            if (random.nextInt(20) == 0) {
                ((ObjectNode) event.at("/unmapped/keyproof/decision/result")).put("allow", random.nextBoolean());
            }
            if (random.nextInt(10) == 0) {
                history.entry(event.toString().replace("\"actor\"", "\"\\u0061ctor\""));
            } else {
                history.add(event);
            }
        }
        return history;
    }

    @Test
    void whatIsRememberedIsWhatEachEventGives() throws Exception {
        Path log = mixed(engine).sealed(dir.resolve("mixed"));
        Consumer<ObjectNode> change = parameters ->
                ((ObjectNode) parameters.path("roles")).putArray("application").add("Encrypt");

        ReplayReport each = replay(log, changed(change, 0), 0);
        ReplayReport remembered = replay(log, changed(change, 1000), 1000);

        assertThat(each.remembered()).isZero();
        assertThat(remembered.remembered()).isGreaterThan(3_000);
        assertThat(each.flips()).isNotEmpty();
        assertThat(each.same()).isBetween(1_000L, 1_990L);
        assertThat(remembered)
                .usingRecursiveComparison()
                .ignoringFields("remembered")
                .isEqualTo(each);
    }

    /** What is compared reads but a part of what decided: each decision is made again as it was all the same. */
    @Test
    void whatDecidedMayReadMoreThanWhatIsCompared(@TempDir Path other) throws Exception {
        PolicyBundle narrow = TestingPolicy.deciding("""
                decision := {"allow": allow, "reasons": ["named"], "obligations": {}}

                default allow := false

                allow if input.operation == "Encrypt"
                """, bundle, other);
        Path log = mixed(engine).sealed(dir.resolve("narrow"));
        Policies kept = new Policies(List.of(bundle), 1000);

        ReplayReport report = new Replay(kept, kept.of(narrow), kept.of(narrow), 2, done -> {})
                .run(LogHistory.of(log, List.of(bundleFile)));

        ReplayReport whole = replay(log, same());
        assertThat(report.flips()).isEmpty();
        assertThat(report.replayed()).isEqualTo(2_000);
        assertThat(report.same()).isEqualTo(whole.same());
        assertThat(report.differing()).isEqualTo(whole.differing());
    }

    @Test
    void whatNobodyKeptIsSaidSo() throws Exception {
        Path log = history().sealed(dir.resolve("unkept"));

        Policies kept = new Policies(List.of(), 1000);
        Policies compared = new Policies(List.of(), 1000);
        ReplayReport report =
                new Replay(kept, compared.of(bundle), same(), 1, done -> {}).run(LogHistory.of(log, List.of()));

        assertThat(report.replayed()).isZero();
        assertThat(report.undecided()).containsEntry("its policy or data was not kept", 600L);
    }

    @Test
    void whatACallerCalledItselfStaysText() throws Exception {
        TestingHistory history = new TestingHistory(engine);
        history.call("Sign", "a|b`c", "application", "K2", "sign");
        DecisionMemo head = changed(parameters ->
                ((ObjectNode) parameters.path("roles")).putArray("application").add("Encrypt"));

        ReplayReport report = replay(history.sealed(dir.resolve("text")), head);

        assertThat(MarkdownReport.of(new Review("main", "x", "y", report, null, List.of())))
                .contains("`a?b?c`");
    }
}
