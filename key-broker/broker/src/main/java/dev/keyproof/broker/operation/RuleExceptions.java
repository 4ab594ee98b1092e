package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.KeyOperation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions from a rule for a key, for some days, as a quorum approved them. The broker decides and records; which are in force follows
 * from these records wherever the rules are evaluated. The key itself is what it was.
 */
public final class RuleExceptions {
    private final Changes changes;
    private final KeyStore store;

    public RuleExceptions(Changes changes, KeyStore store) {
        this.changes = changes;
        this.store = store;
    }

    /**
     * What is asked for.
     *
     * @param exception its name on this key; a grant by the same name takes the place of the one before
     * @param rule the rule that the key may fail, {@code SUBJECT/RULE}
     * @param days how long from now on, within what policy leaves
     * @param reason why the rule cannot be met
     * @param compensating what is done instead
     */
    public record Wanted(
            @Nullable String exception,
            @Nullable String rule,
            @Nullable Integer days,
            @Nullable String reason,
            @Nullable String compensating,
            @Nullable String approval) {
        private ObjectNode parameters() throws ProblemException {
            return HeldKey.node()
                    .put("exception", name(exception))
                    .put("rule", rule(rule))
                    .put("days", days(days))
                    .put("reason", Fields.text(reason, "reason"))
                    .put("compensating", Fields.text(compensating, "compensating"));
        }

        private static int days(@Nullable Integer days) throws ProblemException {
            if (days == null || days < 1 || days > 3650) {
                throw Fields.invalid("days: is from 1 to 3650");
            }
            return days;
        }

        private static String rule(@Nullable String rule) throws ProblemException {
            if (rule == null || !rule.matches("[a-z][a-z0-9_]{0,63}/[a-z][a-z0-9_]{0,63}")) {
                throw Fields.invalid("rule: is SUBJECT/RULE, as findings name it");
            }
            return rule;
        }
    }

    /** Grants an exception, with the approval that policy asks for. */
    public Answer<KeyDocument> grant(Call call, String id, Wanted wanted) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.GRANT_EXCEPTION,
                id,
                new Change(wanted.approval(), null),
                wanted::parameters,
                // In the intent already: an outcome that is settled after an interruption has nothing else to take it
                // from.
                key -> HeldKey.node()
                        .put(
                                "until",
                                changes.now()
                                        .plus(Duration.ofDays(Wanted.days(wanted.days())))
                                        .getEpochSecond()),
                (intent, outcome, besides) -> store.change(intent, id, key -> key, besides));
    }

    /** Ends an exception before its time, or notes that one whose time is over is needed no more. */
    public Answer<KeyDocument> withdraw(
            Call call, String id, @Nullable String exception, @Nullable String reason, @Nullable String approval)
            throws ProblemException {
        return changes.change(
                call,
                KeyOperation.WITHDRAW_EXCEPTION,
                id,
                new Change(approval, null),
                () -> HeldKey.node().put("exception", name(exception)).put("reason", Fields.text(reason, "reason")),
                Changes.Describing.nothing(),
                (intent, outcome, besides) -> store.change(intent, id, key -> key, besides));
    }

    private static String name(@Nullable String exception) throws ProblemException {
        if (exception == null || !exception.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw Fields.invalid("exception: is a name of 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or a digit");
        }
        return exception;
    }
}
