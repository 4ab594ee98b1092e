package dev.keyproof.broker.device;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.pkcs11.ReadBack;
import dev.keyproof.pkcs11.ReadBack.Difference;
import dev.keyproof.pkcs11.TokenObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads back what the tokens hold and holds it against what was ordered, and that against the journal. What a token holds at an
 * installation's first start is adopted, on the record; of one that comes later only the root's keys. A difference that two looks in a
 * row show is a tamper event: once for each, until it is gone. Used by one thread.
 */
public final class DeviceWatch {
    /** The record of a difference. */
    public static final String TAMPERED = "DeviceTampered";

    private static final int LISTED = 64;
    private static final int LONGEST = 128;

    private final Inventories inventories;
    private final DeviceObjects book;
    private final BirthRecords records;
    private final Set<String> peers;
    private final Recorder recorder;
    private Set<Seen> before = Set.of();
    private final Set<Seen> reported = new HashSet<>();

    /**
     * A watch over these tokens.
     *
     * @param peers brokers that share tokens and database, and tell of what they had born themselves
     */
    public DeviceWatch(
            Inventories inventories, DeviceObjects book, BirthRecords records, Set<String> peers, Recorder recorder) {
        this.inventories = inventories;
        this.book = book;
        this.records = records;
        this.peers = Set.copyOf(peers);
        this.recorder = recorder;
    }

    /** What the tokens that answer hold. */
    @FunctionalInterface
    public interface Inventories {
        /** The objects of each token, by its label. */
        Map<String, List<TokenObject>> read() throws ProblemException;
    }

    private record Seen(String token, TokenObject object, String what) {}

    /** Adopts all that tokens hold, whatever was written down of it. */
    public void adopt() throws ProblemException {
        for (Map.Entry<String, List<TokenObject>> token : inventories.read().entrySet()) {
            book.forget(token.getKey());
            adopt(token.getKey(), token.getValue());
        }
    }

    private void adopt(String token, List<TokenObject> objects) throws ProblemException {
        Draft draft = Draft.service("AdoptDeviceObjects").message("What the token held was taken as ordered.");
        ObjectNode detail = draft.detail().put("token", token);
        detail.put("objects", objects.size());
        ArrayNode listed = detail.putArray("held");
        objects.stream()
                .limit(LISTED)
                .forEach(object -> listed.add(object.kind() + " " + cut(object.id()) + " " + cut(object.label())));
        Recorded recorded = recorder.append(draft);
        book.adopt(token, objects, recorded.uid());
    }

    /** Looks once; what was different at the look before, too, is put on the record. */
    public void look() throws ProblemException {
        Map<String, List<TokenObject>> held = inventories.read();
        Set<Seen> now = new HashSet<>();
        for (Map.Entry<String, List<TokenObject>> one : held.entrySet()) {
            String token = one.getKey();
            if (!book.adopted(token)) {
                // A root that was imported, or the keys that were born with the first of their kind; nothing else was
                // ordered.
                adopt(token, one.getValue().stream().filter(TokenObject::isKek).toList());
            }
            List<Noted> noted = book.of(token);
            for (Difference difference :
                    ReadBack.compare(noted.stream().map(Noted::object).toList(), one.getValue())) {
                now.add(new Seen(token, difference.object(), what(difference)));
            }
            unfounded(token, noted, now);
        }
        tell(now);
    }

    /** Looks at what this broker itself had born, for no other can tell whether its journal says so. */
    public void lookAtOwn() throws ProblemException {
        Set<Seen> now = new HashSet<>();
        for (String token : book.tokens()) {
            unfounded(token, book.of(token).stream().filter(records::own).toList(), now);
        }
        tell(now);
    }

    private void unfounded(String token, List<Noted> noted, Set<Seen> into) throws ProblemException {
        for (Noted row : records.unfounded(token, noted, peers)) {
            into.add(new Seen(token, row.object(), "no record says that it was born so"));
        }
    }

    private void tell(Set<Seen> now) throws ProblemException {
        reported.retainAll(now);
        Set<Seen> last = before;
        // Whatever becomes of the records: the next look compares with this one.
        before = now;
        for (Seen seen : now) {
            // A key that is just being born or destroyed is different for a moment.
            if (last.contains(seen) && !reported.contains(seen)) {
                recorder.append(tampered(seen));
                reported.add(seen);
            }
        }
    }

    private static String what(Difference difference) {
        return switch (difference) {
            case ReadBack.Changed changed ->
                cut(changed.attribute()) + " was '" + cut(changed.was()) + "' and is '" + cut(changed.is()) + "'";
            case ReadBack.Missing missing -> "it is not there any more";
            case ReadBack.Unordered unordered -> "nobody ordered it";
        };
    }

    /** What a stranger may have written into a token is cut short in a record. */
    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    }

    private static Draft tampered(Seen seen) {
        TokenObject object = seen.object();
        String what = seen.what();
        Draft draft = Draft.service(TAMPERED)
                .failed(new ProblemException(
                        Problem.KEY_TAMPERED,
                        "object " + object.kind() + " '" + cut(object.label()) + "' of token " + seen.token() + ": "
                                + what))
                .message("An object of the token is not what was ordered.");
        draft.detail()
                .put("token", seen.token())
                .put("kind", object.kind())
                .put("id", cut(object.id()))
                .put("label", cut(object.label()))
                .put("difference", what);
        return draft;
    }
}
