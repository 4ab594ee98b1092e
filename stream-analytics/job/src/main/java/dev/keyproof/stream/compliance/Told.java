package dev.keyproof.stream.compliance;

import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.SubjectInput;
import dev.keyproof.stream.read.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * What crosses the network to the review of what is no key: acts of an account, or an event of a broker about its installation or a token.
 * A Flink POJO, so public and mutable by Flink's contract.
 */
public final class Told {
    static final String ACCOUNT = SubjectInput.ACCOUNT;
    static final String INSTALLATION = SubjectInput.INSTALLATION;
    static final String TOKEN = SubjectInput.TOKEN;

    private static final byte[] EMPTY = {};

    /** One of {@link #ACCOUNT}, {@link #INSTALLATION}, {@link #TOKEN}. */
    public String subject = "";

    public String id = "";
    /** {@code metadata.uid} of the latest event of these. */
    public String event = "";
    /** When that began, milliseconds since the epoch. */
    public long time;

    public @Nullable String run;
    /** Of acts, how often. */
    public long count;

    public String operation = "";
    public String roles = "";
    /** Name of an {@link AccountAct.Ending}. */
    public String ending = "";
    /** UTF-8 JSON of the whole event of a broker; empty for acts. */
    public byte[] whole = EMPTY;

    public Told() {}

    /** Where the memory of it is kept. */
    String place() {
        return subject + ' ' + id;
    }

    static Told act(KeyEvent event) {
        Told told = of(ACCOUNT, event.actor, event);
        told.operation = event.operation;
        told.roles = event.roles;
        told.ending = AccountAct.Ending.of(event.denied, event.success, event.elevated)
                .name();
        return told;
    }

    static Told whole(String subject, String id, KeyEvent event, byte[] whole) {
        Told told = of(subject, id, event);
        told.whole = whole;
        return told;
    }

    private static Told of(String subject, String id, KeyEvent event) {
        Told told = new Told();
        told.subject = subject;
        told.id = id;
        told.event = event.uid;
        told.time = event.time;
        told.run = event.run;
        return told;
    }
}
