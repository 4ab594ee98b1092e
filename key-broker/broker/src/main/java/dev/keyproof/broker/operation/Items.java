package dev.keyproof.broker.operation;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what callers send: every limit and every complaint about a field is here. */
final class Items {
    /** Largest plaintext or message in bytes; what is larger is encrypted under a data key. */
    static final int LARGEST = 64 * 1024;

    private static final int MAX_CONTEXT = 16;
    private static final int MAX_CONTEXT_TEXT = 512;

    private Items() {}

    static byte[] bytes(@Nullable String base64, String field, int largest) throws ProblemException {
        if (base64 == null) {
            throw new ProblemException(Problem.INVALID_INPUT, field + ": is missing");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.INVALID_INPUT, field + ": is not Base64", e);
        }
        if (bytes.length > largest) {
            throw new ProblemException(Problem.INVALID_INPUT, field + ": has more than " + largest + " bytes");
        }
        return bytes;
    }

    static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static Map<String, String> context(@Nullable Map<String, String> context) throws ProblemException {
        if (context == null) {
            return Map.of();
        }
        if (context.size() > MAX_CONTEXT) {
            throw new ProblemException(Problem.INVALID_INPUT, "context: has more than " + MAX_CONTEXT + " entries");
        }
        for (Map.Entry<String, String> entry : context.entrySet()) {
            if ((Object) entry.getValue() == null
                    || entry.getKey().isEmpty()
                    || entry.getKey().length() > MAX_CONTEXT_TEXT
                    || entry.getValue().length() > MAX_CONTEXT_TEXT) {
                throw new ProblemException(
                        Problem.INVALID_INPUT,
                        "context: names and values are texts of at most " + MAX_CONTEXT_TEXT + " characters");
            }
        }
        return context;
    }

    static <T> List<T> batch(List<T> items, int largest) throws ProblemException {
        if (items.isEmpty() || items.size() > largest) {
            throw new ProblemException(Problem.INVALID_INPUT, "items: has " + items.size() + ", not 1 to " + largest);
        }
        return items;
    }
}
