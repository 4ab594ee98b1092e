package dev.keyproof.policy.history;

import static dev.keyproof.policy.history.Bounded.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;

/**
 * What is remembered of an account, as the rules read it: {@code account} in the schema of their input, but for its id. Its size is that of
 * the vocabulary, not of what was done. Used by one thread.
 */
public final class AccountHistory {
    private static final int MOST_ROLES = 64;
    private static final int MOST_OPERATIONS = 128;
    private static final int DAYS = 8;

    private final ObjectNode told;

    private AccountHistory(ObjectNode told) {
        this.told = told;
    }

    /** What {@link #json} gave once; anything else remembers nothing. */
    public static AccountHistory of(JsonNode json) {
        return new AccountHistory(json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    /** Remembers an act; whether anything but counts and times is new, so that the rules may answer otherwise. */
    public boolean add(AccountAct act) {
        long last = seconds(act.last());
        told.put("first", Math.min(told.path("first").asLong(Long.MAX_VALUE), last));
        boolean fresh = act.ending() == AccountAct.Ending.REFUSED;
        for (String role : act.roles().split(" ", -1)) {
            fresh |= !role.isEmpty() && role(role, last);
        }
        ObjectNode ended = told.withObjectProperty(act.ending().json());
        fresh |= !ended.has(act.operation());
        Bounded.count(Bounded.under(ended, act.operation(), MOST_OPERATIONS, "last"), act.count(), last);
        if (act.ending() == AccountAct.Ending.REFUSED) {
            refused(TimeUnit.SECONDS.toDays(last), act.count());
        }
        return fresh;
    }

    private boolean role(String name, long last) {
        ObjectNode roles = told.withObjectProperty("roles");
        boolean fresh = !roles.has(name);
        ObjectNode role = Bounded.under(roles, name, MOST_ROLES, "last");
        role.put("last", Math.max(role.path("last").asLong(Long.MIN_VALUE), last));
        return fresh;
    }

    /** By the day, counted since 1970, the newest last. */
    private void refused(long day, long count) {
        ArrayNode days = told.withArrayProperty("days");
        int at = 0;
        while (at < days.size() && days.get(at).path("day").asLong() < day) {
            at++;
        }
        if (at == days.size() || days.get(at).path("day").asLong() != day) {
            days.insertObject(at).put("day", day);
        }
        if (days.get(at) instanceof ObjectNode today) {
            today.put("refused", today.path("refused").asLong() + count);
        }
        while (days.size() > DAYS) {
            days.remove(0);
        }
    }

    /** To be kept. */
    public JsonNode json() {
        return told;
    }

    /** For the rules. */
    public ObjectNode input(String account) {
        return told.deepCopy().put("id", account);
    }
}
