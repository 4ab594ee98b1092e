package dev.keyproof.policy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.history.AccountAct.Ending;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is remembered of accounts, tokens and the installation. */
final class OtherHistoriesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long TIME = 1_795_000_000_000L;
    private static final long DAY = 86_400_000;

    private static JsonNode json(String json) throws Exception {
        return JSON.readTree(json.replace('\'', '"'));
    }

    private static JsonNode read(JsonNode written) throws Exception {
        return JSON.readTree(JSON.writeValueAsBytes(written));
    }

    private static AccountAct act(String operation, Ending ending, String roles, long count, long at) {
        return new AccountAct("payments", operation, ending, roles, count, TIME + at);
    }

    private static Happening event(String kind, String operation, long at, String actor, String extension)
            throws Exception {
        return event(kind, operation, "about", "broker-1", at, at, actor, extension);
    }

    /** An event as a broker writes it, as far as it is read. */
    private static Happening event(
            String kind,
            String operation,
            String about,
            String source,
            long place,
            long at,
            String actor,
            String extension)
            throws Exception {
        ObjectNode event = JSON.createObjectNode().put("time", TIME + at).put("status_id", 1);
        event.putObject("metadata").put("uid", "e" + at).put("source", source).put("sequence", place);
        event.withObject("/api")
                .put("operation", operation)
                .putObject("service")
                .put("name", "keyproof-broker");
        if (!actor.isEmpty()) {
            event.withObject("/actor/user").put("uid", actor);
        }
        event.putArray("resources").addObject().put("uid", about);
        ObjectNode keyproof = event.withObject("/unmapped/keyproof").put("kind", kind);
        keyproof.setAll((ObjectNode) json(extension));
        return Happening.of(event).orElseThrow();
    }

    private static JsonNode installation(Happening... events) throws Exception {
        InstallationHistory history = InstallationHistory.of(JSON.nullNode());
        for (Happening event : events) {
            // As it is kept in between.
            history.add(event);
            history = InstallationHistory.of(read(history.json()));
        }
        return history.input(List.of());
    }

    @Test
    void anAccountIsRememberedByWhatItDidAndWas() throws Exception {
        AccountHistory history = AccountHistory.of(JSON.nullNode());

        assertThat(history.add(act("Encrypt", Ending.DONE, "application", 3, 1_000)))
                .isTrue();
        assertThat(history.add(act("Encrypt", Ending.DONE, "application", 2, 0)))
                .isFalse();
        assertThat(history.add(act("RotateKey", Ending.ELEVATED, "application", 1, 2_000)))
                .isTrue();
        assertThat(history.add(act("Encrypt", Ending.DONE, "application auditor", 1, 3_000)))
                .isTrue();
        assertThat(history.add(act("Decrypt", Ending.REFUSED, "", 4, 4_000))).isTrue();
        assertThat(history.add(act("Decrypt", Ending.REFUSED, "", 1, -DAY))).isTrue();
        assertThat(history.add(act("Decrypt", Ending.REFUSED, "", 1, 5_000))).isTrue();

        assertThat(read(history.input("payments"))).isEqualTo(json("""
                        {'id':'payments','first':1794913600,
                         'roles':{'application':{'last':1795000003},'auditor':{'last':1795000003}},
                         'done':{'Encrypt':{'count':6,'first':1795000000,'last':1795000003}},
                         'elevated':{'RotateKey':{'count':1,'first':1795000002,'last':1795000002}},
                         'refused':{'Decrypt':{'count':6,'first':1794913600,'last':1795000005}},
                         'days':[{'day':20774,'refused':1},{'day':20775,'refused':5}]}"""));
    }

    @Test
    void anAccountsMemoryDoesNotGrowWithWhatItDoes() throws Exception {
        AccountHistory history = AccountHistory.of(JSON.nullNode());
        for (int i = 0; i < 1_000; i++) {
            history.add(act("Operation" + i, Ending.REFUSED, "role-" + i, 1, i * DAY));
        }

        JsonNode told = history.json();

        assertThat(told.path("refused")).hasSize(128);
        assertThat(told.path("refused").has("Operation999")).isTrue();
        assertThat(told.path("refused").has("Operation0")).isFalse();
        assertThat(told.path("roles")).hasSize(64);
        assertThat(told.path("days")).hasSize(8);
    }

    @Test
    void whoApprovesIsKnownByTheFirstStartAndByEnrolments() throws Exception {
        JsonNode told = installation(
                event(
                        "service",
                        "EnrolApprover",
                        0,
                        "",
                        "{'detail':{'approver':'alice','roles':['custodian'],'aaguid':'m'}}"),
                event("service", "EnrolApprover", 1_000, "", "{'detail':{'approver':'bob','roles':['custodian']}}"),
                event(
                        "operation",
                        "EnrolApprover",
                        9_000,
                        "root",
                        "{'detail':{'approver':'dora','roles':['custodian'],'approval':'A'}}"),
                event("operation", "RevokeApprover", 10_000, "root", "{'detail':{'approver':'bob','approval':'B'}}"));

        assertThat(read(told.path("approvers"))).isEqualTo(json("""
                        {'alice':{'since':1795000000,'roles':['custodian'],'aaguid':'m'},
                         'dora':{'since':1795000009,'roles':['custodian'],'approval':'A'}}"""));
        assertThat(read(told.at("/told/EnrolApprover")))
                .isEqualTo(json("{'count':2,'first':1795000000,'last':1795000001}"));
    }

    private static final String DECIDED =
            "'decision':{'input':{'approvals':{'requester':'root','approvers':[{'id':'alice'},{'id':'bob'}]}}}";

    @Test
    void whatWasApprovedIsRememberedOnceAndForAWhile() throws Exception {
        Happening destroyed = event(
                "operation",
                "DestroyKey",
                0,
                "root",
                "{'detail':{'approval':'A','order':'O','quorumClock':{'met':true,'seconds':7}}," + DECIDED + "}");
        Happening reduced =
                event("operation", "DestroyKey", 1_000, "root", "{'detail':{'approval':'B','jws':[],'reduced':true}}");
        Happening settled = event(
                "operation",
                "SetKillSwitch",
                2_000,
                "root",
                "{'detail':{'approval':'C','jws':['s'],'intent':{'on':false}}," + DECIDED + "}");

        Happening asked = event("operation", "RequestElevation", 3_000, "olga", "{'detail':{'approval':'D'}}");

        JsonNode told = installation(destroyed, destroyed, reduced, settled, asked);

        assertThat(read(told.path("approvals"))).isEqualTo(json("""
                        [{'event':'e0','operation':'DestroyKey','time':1795000000,'caller':'root','approval':'A','order':'O',
                          'seconds':7,'requester':'root','approvers':['alice','bob']},
                         {'event':'e1000','operation':'DestroyKey','time':1795000001,'caller':'root','approval':'B'},
                         {'event':'e2000','operation':'SetKillSwitch','time':1795000002,'caller':'root','approval':'C',
                          'requester':'root','approvers':['alice','bob']}]"""));
        assertThat(read(told.path("switch"))).isEqualTo(json("{'time':1795000002,'on':false,'approval':'C'}"));
        InstallationHistory much = InstallationHistory.of(JSON.nullNode());
        for (int i = 0; i < 300; i++) {
            much.add(event("operation", "Decrypt", i, "app", "{'detail':{'jws':[],'approval':'A" + i + "'}}"));
        }
        assertThat(much.json().path("approvals")).hasSize(128);
        assertThat(much.json().at("/approvals/127/approval").asText()).isEqualTo("A299");
    }

    @Test
    void elevationsCeremoniesBrokersAndIncidentsAreRemembered() throws Exception {
        JsonNode told = installation(
                event("service", "StartBroker", 0, "", "{'detail':{'policy':'p','data':'d'}}"),
                event(
                        "service",
                        "RecordCeremony",
                        1_000,
                        "",
                        "{'detail':{'transcript':{'id':'C','threshold':2,'shares':[{'custodian':'alice'},"
                                + "{'custodian':'bob'}],'tokens':['t']}}}"),
                event("operation", "BreakGlass", 2_000, "olga", "{'detail':{'approval':'A'}}"),
                event("operation", "ReviewElevation", 3_000, "eve", "{'detail':{'verdict':'justified'}}"),
                event("approval", "ApprovalOverdue", 4_000, "", "{}"),
                event("operation", "Encrypt", 5_000, "app", "{'decision':{'result':{'reasons':['error']}}}"),
                event("service", "ChangePolicy", 6_000, "", "{'detail':{'policy':'p','data':'e'}}"),
                event("intent", "RotateKey", 7_000, "root", "{}"));

        assertThat(read(told.path("ceremonies")))
                .isEqualTo(json(
                        "{'C':{'time':1795000001,'threshold':2,'shares':2,'tokens':1,'custodians':['alice','bob']}}"));
        assertThat(read(told.path("elevations"))).isEqualTo(json("""
                        {'about':{'holder':'olga','glass':true,'began':1795000002,'reviewed':1795000003,'reviewer':'eve'}}"""));
        assertThat(read(told.path("brokers")))
                .isEqualTo(json("{'broker-1':{'policy':'p','data':'e','since':1795000006,'last':1795000006}}"));
        assertThat(read(told.path("undecided"))).isEqualTo(json("{'count':1,'first':1795000005,'last':1795000005}"));
        assertThat(told.path("told").has("ApprovalOverdue")).isTrue();
        assertThat(told.path("told").has("RotateKey")).isFalse();
    }

    private static Happening policy(String operation, String source, long place, long at) throws Exception {
        return event("service", operation, "", source, place, at, "", "{'detail':{'policy':'p','data':'d'}}");
    }

    @Test
    void aRefusedPolicyIsEachBrokersOwnAndIsCured() throws Exception {
        Happening[] refused = {
            policy("StartBroker", "broker-1", 1, 0),
            policy("StartBroker", "broker-2", 1, 0),
            policy("RefusePolicy", "broker-1", 2, 5_000),
            policy("RefusePolicy", "broker-2", 2, 5_000),
            policy("ChangePolicy", "broker-2", 3, 9_000),
        };
        JsonNode told = installation(refused);
        assertThat(told.at("/brokers/broker-1/refused").asLong()).isEqualTo(1_795_000_005);
        assertThat(told.at("/brokers/broker-2").has("refused")).isFalse();
        assertThat(told.has("order")).isFalse();

        InstallationHistory history = InstallationHistory.of(JSON.nullNode());
        for (Happening event : refused) {
            history.add(event);
        }
        history.add(policy("RestorePolicy", "broker-1", 4, 10_000));
        assertThat(read(history.json().at("/brokers/broker-1")))
                .isEqualTo(json("{'policy':'p','data':'d','since':1795000000,'last':1795000010}"));
    }

    @Test
    void aBrokerThatStoppedIsForgottenUntilItStartsAgain() throws Exception {
        InstallationHistory history = InstallationHistory.of(JSON.nullNode());
        history.add(policy("StartBroker", "broker-1", 1, 0));
        history.add(policy("StartBroker", "broker-2", 1, 0));
        history.add(policy("RefusePolicy", "broker-2", 2, 5_000));

        history.add(policy("StopBroker", "broker-2", 4, 7_000));
        // What was recorded before it stopped comes late, and so does what does not say by what it decides.
        history.add(policy("ChangePolicy", "broker-2", 3, 6_000));
        history.add(policy("JournalGap", "broker-2", 5, 8_000));

        assertThat(read(history.json().path("brokers")))
                .isEqualTo(json("{'broker-1':{'policy':'p','data':'d','since':1795000000,'last':1795000000}}"));
        assertThat(history.json().at("/told/StopBroker/count").asInt()).isEqualTo(1);

        history.add(policy("StartBroker", "broker-2", 6, 9_000));
        history.add(policy("StopBroker", "broker-2", 4, 7_000));

        assertThat(read(history.json().at("/brokers/broker-2")))
                .isEqualTo(json("{'policy':'p','data':'d','since':1795000009,'last':1795000009}"));
    }

    @Test
    void whatComesLateTurnsNothingBack() throws Exception {
        String dora = "{'detail':{'approver':'dora','roles':['custodian'],'approval':'A'}}";
        JsonNode told = installation(
                // Of one broker and one moment, by their places.
                policy("ChangePolicy", "broker-1", 8, 5_000),
                policy("RefusePolicy", "broker-1", 7, 5_000),
                policy("StartBroker", "broker-1", 1, 0),
                event("operation", "RevokeApprover", "", "broker-2", 1, 7_000, "root", dora),
                event("operation", "EnrolApprover", "", "broker-1", 9, 6_000, "root", dora),
                event("operation", "SetKillSwitch", "", "broker-2", 2, 8_900, "root", "{'detail':{'on':true}}"),
                event("operation", "SetKillSwitch", "", "broker-1", 10, 8_100, "root", "{'detail':{'on':false}}"));

        assertThat(read(told.path("brokers")))
                .isEqualTo(json("{'broker-1':{'policy':'p','data':'d','since':1795000005,'last':1795000008}}"));
        assertThat(told.path("approvers")).isEmpty();
        assertThat(told.at("/switch/on").asBoolean()).isTrue();
    }

    @Test
    void aBrokenGlassThatWaitsForItsReviewIsNotForgottenInSilence() throws Exception {
        InstallationHistory history = InstallationHistory.of(JSON.nullNode());
        history.add(event("operation", "BreakGlass", "first", "broker-1", 0, 0, "olga", "{}"));
        for (int i = 1; i < 100; i++) {
            history.add(
                    event("operation", "ActivateElevation", "E" + i, "broker-1", i, i * 1_000L, "olga", BY_APPROVAL));
        }
        assertThat(history.json().path("elevations")).hasSize(64);
        assertThat(history.json().path("elevations").has("first")).isTrue();
        assertThat(history.json().has("forgottenGlasses")).isFalse();

        for (int i = 100; i < 164; i++) {
            history.add(event("operation", "BreakGlass", "E" + i, "broker-1", i, i * 1_000L, "olga", "{}"));
        }
        assertThat(history.json().path("elevations")).hasSize(64);
        assertThat(history.json().path("elevations").has("first")).isFalse();
        assertThat(history.json().path("forgottenGlasses").asInt()).isEqualTo(1);
    }

    private static final String BY_APPROVAL = "{'detail':{'approval':'A','jws':[]}}";

    @Test
    void openIntentsAreCountedAndTheOldestShown() {
        List<OpenIntent> open = IntStream.range(0, 20)
                .mapToObj(i -> new OpenIntent("i" + i, "RotateKey", TIME - i * 1_000L))
                .toList();

        JsonNode told = InstallationHistory.of(JSON.nullNode()).input(open).path("open");

        assertThat(told.path("count").asInt()).isEqualTo(20);
        assertThat(told.path("oldest")).hasSize(8);
        assertThat(told.at("/oldest/0/event").asText()).isEqualTo("i19");
    }

    @Test
    void aTokenIsRememberedByWhatItsBrokersTold() throws Exception {
        TokenHistory history = TokenHistory.of(JSON.nullNode());
        Happening adopted = event("service", "AdoptDeviceObjects", 0, "", "{'detail':{'token':'t','objects':0}}");
        history.add(adopted);
        history.add(adopted);
        for (int i = 1; i < 9; i++) {
            history.add(event(
                    "service",
                    "DeviceTampered",
                    i * 1_000L,
                    "",
                    "{'detail':{'token':'t','kind':'k','label':'" + "l".repeat(200) + "','difference':'d" + i + "'}}"));
        }

        JsonNode told = history.input("t");

        assertThat(told.path("id").asText()).isEqualTo("t");
        assertThat(told.at("/told/DeviceTampered/count").asInt()).isEqualTo(8);
        assertThat(told.path("adoptions")).hasSize(1);
        history.add(event("service", "AdoptDeviceObjects", 9_000, "", "{'detail':{'token':'t','objects':1}}"));
        assertThat(history.json().path("adoptions")).hasSize(2);
        assertThat(told.path("tampered")).hasSize(4);
        assertThat(told.at("/tampered/3/difference").asText()).isEqualTo("d8");
        assertThat(told.at("/tampered/3/label").asText()).hasSize(128);
    }

    @Test
    void whatAnotherTellsIsNone() throws Exception {
        assertThat(Happening.of(json("{'api':{'operation':'StartBroker','service':{'name':'kms.amazonaws.com'}}}")))
                .isEmpty();
    }
}
