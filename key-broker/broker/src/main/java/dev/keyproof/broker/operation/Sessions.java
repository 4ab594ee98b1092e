package dev.keyproof.broker.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.elevation.SessionCall;
import dev.keyproof.broker.elevation.SessionIndex;
import dev.keyproof.broker.elevation.SessionStore;
import dev.keyproof.broker.elevation.StandingElevations;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was called under an elevation: read in pages, and taken out as a file whose digest is on the record. */
public final class Sessions {
    private static final int PAGE = 1000;
    /** So many lines has an export at most; the next one goes on after them. */
    private static final int LONGEST = 50_000;

    private static final Action READ = new Action("ReadSession", 2, "Read", Kind.OPERATION);
    private static final Action EXPORT = new Action("ExportSession", 2, "Read", Kind.OPERATION);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Calls calls;
    private final Elevations elevations;
    private final SessionIndex index;
    private final SessionStore store;

    public Sessions(Calls calls, Elevations elevations, SessionIndex index, SessionStore store) {
        this.calls = calls;
        this.elevations = elevations;
        this.index = index;
        this.store = store;
    }

    /** Calls of a session; {@code next} is the cursor of those after them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Part(List<SessionCall> calls, @Nullable Long next) {}

    /** What this broker did is there at once, what others did within a second. */
    public Answer<Part> read(Call call, String id, @Nullable String limit, @Nullable String after)
            throws ProblemException {
        return calls.perform(call, READ, null, 200, none -> elevations.about(id), outcome -> {
            outcome.draft().on(StandingElevations.resource(id));
            Part part = part(id, after, limit == null ? PAGE : number(limit, "limit", 1, PAGE));
            outcome.draft().count(part.calls().size());
            return part;
        });
    }

    /**
     * A file of calls, one as JSON in a line.
     *
     * @param digest {@code sha256:} and the hex digest of the bytes, which the record has too
     * @param next the cursor of what did not fit
     */
    public record Export(
            byte[] lines, String digest, @Nullable Long next) {}

    public Answer<Export> export(Call call, String id, @Nullable String after) throws ProblemException {
        return calls.perform(call, EXPORT, null, 200, none -> elevations.about(id), outcome -> {
            Part part = part(id, after, LONGEST);
            byte[] lines = lines(part.calls());
            String digest = digest(lines);
            outcome.draft()
                    .on(StandingElevations.resource(id))
                    .count(part.calls().size());
            outcome.draft()
                    .detail()
                    .put("elevation", id)
                    .put("calls", part.calls().size())
                    .put("bytes", lines.length)
                    .put("digest", digest)
                    .put("after", after)
                    .put("complete", part.next() == null);
            return new Export(lines, digest, part.next());
        });
    }

    private Part part(String id, @Nullable String after, int limit) throws ProblemException {
        index.catchUp();
        long from = after == null ? 0 : number(after, "after", 0, Integer.MAX_VALUE);
        List<SessionCall> found = store.calls(id, from, limit + 1);
        if (found.size() <= limit) {
            return new Part(found, null);
        }
        List<SessionCall> some = found.subList(0, limit);
        return new Part(some, some.getLast().number());
    }

    private static int number(String text, String field, int least, int most) throws ProblemException {
        int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            throw Fields.invalid(field + ": is not from " + least + " to " + most);
        }
        return value;
    }

    private static byte[] lines(List<SessionCall> calls) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try {
            for (SessionCall call : calls) {
                lines.writeBytes(JSON.writeValueAsBytes(call));
                lines.write('\n');
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is always JSON", e);
        }
        return lines.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
