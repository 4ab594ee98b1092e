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
 * Reads back what the tokens hold and holds it against what was ordered. The first time, what a token holds is adopted, on the
 * record. A difference that two looks in a row show is a tamper event: once for each, until it is gone. Used by one thread.
 */
public final class DeviceWatch {
    /** The record of a difference. */
    public static final String TAMPERED = "DeviceTampered";

    private static final int LISTED = 64;
    private static final int LONGEST = 128;

    private final Inventories inventories;
    private final DeviceObjects book;
    private final Recorder recorder;
    private Set<Seen> before = Set.of();
    private final Set<Seen> reported = new HashSet<>();

    public DeviceWatch(Inventories inventories, DeviceObjects book, Recorder recorder) {
        this.inventories = inventories;
        this.book = book;
        this.recorder = recorder;
    }

    /** What the tokens that answer hold. */
    @FunctionalInterface
    public interface Inventories {
        /** The objects of each token, by its label. */
        Map<String, List<TokenObject>> read() throws ProblemException;
    }

    private record Seen(String token, Difference difference) {}

    /** Adopts what tokens hold of which nothing is written down. */
    public void adopt() throws ProblemException {
        adopt(inventories.read());
    }

    private void adopt(Map<String, List<TokenObject>> held) throws ProblemException {
        for (Map.Entry<String, List<TokenObject>> token : held.entrySet()) {
            if (!book.adopted(token.getKey())) {
                Draft draft = Draft.service("AdoptDeviceObjects").message("What the token held was taken as ordered.");
                ObjectNode detail = draft.detail().put("token", token.getKey());
                detail.put("objects", token.getValue().size());
                ArrayNode listed = detail.putArray("held");
                token.getValue().stream()
                        .limit(LISTED)
                        .forEach(object ->
                                listed.add(object.kind() + " " + cut(object.id()) + " " + cut(object.label())));
                Recorded recorded = recorder.append(draft);
                book.adopt(token.getKey(), token.getValue(), recorded.uid());
            }
        }
    }

    /** Looks once; what was different at the look before, too, is put on the record. */
    public void look() throws ProblemException {
        Map<String, List<TokenObject>> held = inventories.read();
        adopt(held);
        Set<Seen> now = new HashSet<>();
        for (Map.Entry<String, List<TokenObject>> token : held.entrySet()) {
            for (Difference difference : ReadBack.compare(book.of(token.getKey()), token.getValue())) {
                now.add(new Seen(token.getKey(), difference));
            }
        }
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

    /** What a stranger may have written into a token is cut short in a record. */
    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    }

    private static Draft tampered(Seen seen) {
        TokenObject object = seen.difference().object();
        String what = switch (seen.difference()) {
            case ReadBack.Changed changed ->
                cut(changed.attribute()) + " was '" + cut(changed.was()) + "' and is '" + cut(changed.is()) + "'";
            case ReadBack.Missing missing -> "it is not there any more";
            case ReadBack.Unordered unordered -> "nobody ordered it";
        };
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
