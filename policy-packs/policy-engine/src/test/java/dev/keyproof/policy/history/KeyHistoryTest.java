package dev.keyproof.policy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KeyHistoryTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long TIME = 1_795_000_000_000L;

    private static JsonNode json(String json) throws Exception {
        return JSON.readTree(json.replace('\'', '"'));
    }

    /** As it is once it was written: whole numbers are of one kind then. */
    private static JsonNode read(JsonNode written) throws Exception {
        return JSON.readTree(JSON.writeValueAsBytes(written));
    }

    private static KeyChange change(String operation, long at, String before, String after) throws Exception {
        return change(operation, at, before, after, "{}");
    }

    private static KeyChange change(String operation, long at, String before, String after, String detail)
            throws Exception {
        JsonNode state = json("{'state':'" + after + "','provider':'pkcs11','attributes':{'bits':256}}");
        return new KeyChange(operation, TIME + at, TIME + at + 500, before, 1, "intent-" + at, "", state, json(detail));
    }

    private static KeyChange failure(String operation, long at) {
        return new KeyChange(
                operation,
                TIME + at,
                TIME + at,
                "active",
                1,
                "",
                "provider-unavailable",
                KeyChange.NOTHING,
                KeyChange.NOTHING);
    }

    private static KeyHistory of(KeyChange... changes) {
        KeyHistory history = KeyHistory.empty();
        for (KeyChange change : changes) {
            history.add(change);
        }
        return history;
    }

    @Test
    void aLifeIsRemembered() throws Exception {
        KeyHistory history = of(
                change("CreateKey", 0, "", "active"),
                change("RotateKey", 10_000, "active", "active"),
                failure("RotateKey", 20_000),
                change("DisableKey", 30_000, "active", "suspended", "{'reason':'why','jws':['x'],'wayBack':'y'}"),
                change("EnableKey", 40_000, "suspended", "active"),
                change(
                        "DestroyKey",
                        50_000,
                        "active",
                        "destroyed",
                        "{'proof':{'inDevice':false,'odd':[1]},'statement':'" + "x".repeat(257) + "','empty':{}}"));

        assertThat(read(history.input(1, List.of()))).isEqualTo(json("""
                {'first':{'time':1795000000,'attributes':{'bits':256}},
                 'changes':{
                  'CreateKey':{'done':{'time':1795000000,'version':1,'intent':'intent-0'}},
                  'RotateKey':{'done':{'time':1795000010,'version':1,'intent':'intent-10000'},
                   'failed':{'time':1795000020,'code':'provider-unavailable'}},
                  'DisableKey':{'done':{'time':1795000030,'version':1,'intent':'intent-30000',
                   'detail':{'reason':'why','wayBack':'y'}}},
                  'EnableKey':{'done':{'time':1795000040,'version':1,'intent':'intent-40000'}},
                  'DestroyKey':{'done':{'time':1795000050,'version':1,'intent':'intent-50000',
                   'detail':{'proof':{'inDevice':false}}}}},
                 'states':{'active':{'since':1795000040},'suspended':{'since':1795000030},'destroyed':{'since':1795000050}},
                 'transitions':[
                  {'from':'none','to':'active','count':1,'last':1795000000},
                  {'from':'active','to':'active','count':1,'last':1795000010},
                  {'from':'active','to':'suspended','count':1,'last':1795000030},
                  {'from':'suspended','to':'active','count':1,'last':1795000040},
                  {'from':'active','to':'destroyed','count':1,'last':1795000050}],
                 'providers':['pkcs11'],
                 'current':{'version':1,'uses':{}},
                 'uses':[]}
                """));
    }

    @Test
    void whatAnOutcomeSettledAfterACrashSaysApartIsReadAsOfAnyOther() throws Exception {
        KeyHistory history = KeyHistory.empty();
        history.add(change(
                "MarkCompromised",
                0,
                "active",
                "compromised",
                "{'settled':true,'intent':{'reason':'found','jws':['x']}}"));

        assertThat(history.input(1, List.of()).at("/changes/MarkCompromised/done/detail"))
                .isEqualTo(json("{'reason':'found','settled':true}"));
    }

    @Test
    void whatIsKeptGoesOnAsIfItHadNeverBeenPutAway() throws Exception {
        List<KeyChange> changes = List.of(
                change("CreateKey", 0, "", "active"),
                change("DisableKey", 30_000, "active", "suspended"),
                change("UpdateKey", 35_000, "suspended", "suspended"),
                failure("RotateKey", 36_000),
                change("EnableKey", 40_000, "suspended", "active"));
        KeyHistory kept = KeyHistory.empty();
        for (KeyChange change : changes) {
            kept = KeyHistory.of(read(kept.json()));
            kept.add(change);
        }

        assertThat(read(kept.json()))
                .isEqualTo(read(of(changes.toArray(KeyChange[]::new)).json()));
        assertThat(kept.standing()).isEqualTo(new Standing("active", TIME + 40_500, "suspended"));
    }

    @Test
    void whatComesLateChangesNothingNewer() throws Exception {
        KeyHistory history = of(
                change("CreateKey", 0, "", "active"),
                change("DisableKey", 30_000, "active", "suspended"),
                change("UpdateKey", 10_000, "active", "active"),
                change("DisableKey", 5_000, "active", "suspended"));

        JsonNode input = history.input(1, List.of());
        assertThat(input.at("/changes/DisableKey/done/time").asLong()).isEqualTo(1_795_000_030);
        assertThat(input.at("/states/suspended/since").asLong()).isEqualTo(1_795_000_030);
        assertThat(history.standing().state()).isEqualTo("suspended");
        assertThat(input.at("/transitions/1/count").asLong()).isEqualTo(2);
        assertThat(input.at("/transitions/1/last").asLong()).isEqualTo(1_795_000_030);
    }

    @Test
    void aUseIsCountedBesideWhatTheKeyWasWhenItBegan() throws Exception {
        Standing standing = of(
                        change("CreateKey", 0, "", "active"), change("DeactivateKey", 30_000, "active", "deactivated"))
                .standing();

        assertThat(Standing.UNKNOWN.use("Encrypt", "active", 1, 1, TIME))
                .isEqualTo(new KeyUses("Encrypt", "", "active", 1, 1, TIME, 0));
        assertThat(standing.use("Encrypt", "active", 1, 64, TIME + 30_499))
                .isEqualTo(new KeyUses("Encrypt", "active", "active", 1, 64, TIME + 30_499, 0));
        assertThat(standing.use("Encrypt", "active", 1, 1, TIME + 37_500))
                .isEqualTo(new KeyUses("Encrypt", "deactivated", "active", 1, 1, TIME + 37_500, 7_000));
    }

    @Test
    void usesAreToldByStateAndThoseOfTheCurrentVersionApart() throws Exception {
        Map<String, KeyUses> uses = new TreeMap<>();
        for (KeyUses some : List.of(
                new KeyUses("Encrypt", "active", "active", 1, 5, TIME, 1_000),
                new KeyUses("Encrypt", "active", "active", 2, 7, TIME + 9_000, 9_999),
                new KeyUses("Encrypt", "active", "active", 2, 1, TIME + 5_000, 5_000),
                new KeyUses("Encrypt", "suspended", "active", 2, 1, TIME, 0),
                new KeyUses("Decrypt", "active", "active", 1, 3, TIME, 0))) {
            uses.merge(some.name(), some, KeyUses::and);
        }

        JsonNode input = read(KeyHistory.empty().input(2, uses.values()));

        assertThat(input).isEqualTo(json("""
                {'current':{'version':2,'uses':{'Encrypt':9}},
                 'uses':[
                  {'operation':'Decrypt','state':'active','decided':'active','count':3,'last':1795000000,'after':0},
                  {'operation':'Encrypt','state':'active','decided':'active','count':13,'last':1795000009,'after':9},
                  {'operation':'Encrypt','state':'suspended','decided':'active','count':1,'last':1795000000,'after':0}]}
                """));
    }

    private static KeyChange granted(long at, String name, long until) throws Exception {
        return change(
                "GrantException",
                at,
                "active",
                "active",
                "{'exception':'" + name + "','rule':'lifecycle/dormant','days':9,'until':" + until
                        + ",'approval':'01A','reason':'why','jws':['x','y']}");
    }

    private static KeyChange withdrawn(long at, String name) throws Exception {
        return change("WithdrawException", at, "active", "active", "{'exception':'" + name + "','reason':'met'}");
    }

    private static JsonNode exceptions(KeyChange... changes) throws Exception {
        return read(of(changes).input(1, List.of())).path("exceptions");
    }

    @Test
    void anExceptionStandsUntilAnotherByItsNameOrItsWithdrawal() throws Exception {
        JsonNode first = json("{'court':{'rule':'lifecycle/dormant','since':1795000000,'until':7,'approval':'01A'}}");
        JsonNode second = json("{'court':{'rule':'lifecycle/dormant','since':1795000002,'until':9,'approval':'01A'}}");

        assertThat(exceptions(granted(0, "court", 7))).isEqualTo(first);
        assertThat(exceptions(granted(0, "court", 7), granted(2_000, "court", 9)))
                .isEqualTo(second);
        assertThat(exceptions(granted(2_000, "court", 9), granted(0, "court", 7)))
                .isEqualTo(second);
        assertThat(exceptions(granted(0, "court", 7), withdrawn(1_000, "court"))
                        .at("/court/withdrawn")
                        .asLong())
                .isEqualTo(1_795_000_001);
        assertThat(exceptions(granted(0, "court", 7), withdrawn(1_000, "court"), granted(2_000, "court", 9)))
                .isEqualTo(second);
    }

    /** Brokers are heard one after the other. */
    @Test
    void aGrantThatComesAfterItsWithdrawalIsWithdrawn() throws Exception {
        assertThat(exceptions(withdrawn(1_000, "court"), granted(0, "court", 7))
                        .at("/court/withdrawn")
                        .asLong())
                .isEqualTo(1_795_000_001);
    }

    /** The broker died between the effect and its outcome. */
    @Test
    void whatWasSettledAfterACrashCountsToo() throws Exception {
        KeyChange granted = change(
                "GrantException",
                0,
                "active",
                "active",
                "{'settled':'x','intent':{'exception':'court','rule':'lifecycle/dormant','until':7,'approval':'01A'}}");
        KeyChange withdrawn = change(
                "WithdrawException", 1_000, "active", "active", "{'settled':'x','intent':{'exception':'court'}}");

        assertThat(exceptions(granted).at("/court/until").asLong()).isEqualTo(7);
        assertThat(exceptions(granted, withdrawn).at("/court/withdrawn").asLong())
                .isEqualTo(1_795_000_001);
    }

    @Test
    void withdrawalsOfWhatNobodyGrantedAreForgottenBeforeAnyGrant() throws Exception {
        KeyHistory history = KeyHistory.empty();
        history.add(granted(0, "court", 7));
        for (int i = 1; i < 200; i++) {
            history.add(withdrawn(i * 1_000L, "nothing" + i));
        }

        JsonNode exceptions = history.input(1, List.of()).path("exceptions");
        assertThat(exceptions).hasSize(50);
        assertThat(exceptions.has("court")).isTrue();
    }

    @Test
    void ofTooManyExceptionsThoseAreForgottenThatAreOverFirst() throws Exception {
        KeyHistory history = KeyHistory.empty();
        for (int i = 0; i < 50; i++) {
            history.add(granted(i, "e" + i, 1_000 + i));
        }
        history.add(withdrawn(60, "e7"));
        history.add(granted(70, "more", 5_000));
        history.add(granted(80, "most", 6_000));

        JsonNode exceptions = history.input(1, List.of()).path("exceptions");
        assertThat(exceptions).hasSize(50);
        assertThat(exceptions.has("e7") || exceptions.has("e0")).isFalse();
        assertThat(exceptions.has("most") && exceptions.has("more") && exceptions.has("e1"))
                .isTrue();
    }
}
