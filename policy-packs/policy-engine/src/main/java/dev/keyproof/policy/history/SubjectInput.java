package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.PolicyTime;

/** What the rules are asked about that is no key. */
public final class SubjectInput {
    public static final String ACCOUNT = "account";
    public static final String INSTALLATION = "installation";
    public static final String LOG = "log";
    public static final String TOKEN = "token";

    private SubjectInput() {}

    /**
     * What the rules read.
     *
     * @param told what is remembered of it
     * @param at when it is judged, milliseconds since 1970
     */
    public static ObjectNode of(String subject, ObjectNode told, long at) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("subject", subject);
        input.set(subject, told);
        input.set("time", PolicyTime.of(at));
        return input;
    }
}
