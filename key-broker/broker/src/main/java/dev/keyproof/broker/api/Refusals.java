package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.KeyOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts on the record what was refused to a known caller before any operation began. */
final class Refusals {
    private static final Pattern OPERATION = Pattern.compile("/v1/keys/(.+):([a-z-]+)");
    private static final int LONGEST_ID = 64;
    private static final Map<String, KeyOperation> OPERATIONS = Map.ofEntries(
            Map.entry("encrypt", KeyOperation.ENCRYPT),
            Map.entry("decrypt", KeyOperation.DECRYPT),
            Map.entry("sign", KeyOperation.SIGN),
            Map.entry("verify", KeyOperation.VERIFY),
            Map.entry("mac", KeyOperation.GENERATE_MAC),
            Map.entry("data-key", KeyOperation.GENERATE_DATA_KEY),
            Map.entry("re-wrap", KeyOperation.RE_ENCRYPT),
            Map.entry("rotate", KeyOperation.ROTATE_KEY),
            Map.entry("disable", KeyOperation.DISABLE_KEY),
            Map.entry("enable", KeyOperation.ENABLE_KEY),
            Map.entry("destroy", KeyOperation.DESTROY_KEY),
            Map.entry("derive", KeyOperation.DERIVE_KEY),
            Map.entry("deactivate", KeyOperation.DEACTIVATE_KEY),
            Map.entry("mark-compromised", KeyOperation.MARK_COMPROMISED),
            Map.entry("back-out", KeyOperation.BACK_OUT_ROTATION),
            Map.entry("retire", KeyOperation.RETIRE_VERSION),
            Map.entry("schedule-destruction", KeyOperation.SCHEDULE_DESTRUCTION),
            Map.entry("cancel-destruction", KeyOperation.CANCEL_DESTRUCTION),
            Map.entry("grant-exception", KeyOperation.GRANT_EXCEPTION),
            Map.entry("withdraw-exception", KeyOperation.WITHDRAW_EXCEPTION));

    private final Calls calls;
    private final CallReader reader;

    Refusals(Calls calls, CallReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    /** The problem, with its place in the journal where the caller is known and it could be recorded. */
    ProblemException recorded(HttpServletRequest request, ProblemException why) {
        Optional<Call> call = reader.of(request);
        if (call.isEmpty()) {
            return why;
        }
        // Decoded, as it was when the handler was chosen.
        String path = request.getServletPath();
        Matcher use = OPERATION.matcher(path);
        if (use.matches()) {
            KeyOperation operation = OPERATIONS.get(use.group(2));
            String key = use.group(1).length() <= LONGEST_ID ? use.group(1) : null;
            return calls.unreadable(call.get(), operation == null ? Action.UNKNOWN : Action.of(operation), key, why);
        }
        return calls.unreadable(call.get(), action(path), null, why);
    }

    /** Records that a call was answered as the first of its kind was. */
    void repeated(HttpServletRequest request, int status, @Nullable String first) throws ProblemException {
        Optional<Call> call = reader.of(request);
        if (call.isPresent()) {
            Matcher use = OPERATION.matcher(request.getServletPath());
            KeyOperation operation = use.matches() ? OPERATIONS.get(use.group(2)) : null;
            Action action = operation == null ? action(request.getServletPath()) : Action.of(operation);
            calls.repeated(call.get(), action, operation == null ? null : use.group(1), status, first);
        }
    }

    /** Whether that is the path of an operation with a key, and not of a change. */
    static boolean usesKey(String path) {
        Matcher use = OPERATION.matcher(path);
        KeyOperation operation = use.matches() ? OPERATIONS.get(use.group(2)) : null;
        return operation != null && !operation.changesState();
    }

    private static Action action(String path) {
        if (path.startsWith("/v1/approvals/")) {
            return Action.APPROVE;
        }
        if (path.startsWith(HoldsApi.PATH + "/") && path.endsWith(":release")) {
            return Action.RELEASE_LEGAL_HOLD;
        }
        return switch (path) {
            case "/v1/keys" -> Action.of(KeyOperation.CREATE_KEY);
            case "/v1/kill-switch" -> Action.SET_KILL_SWITCH;
            case "/v1/approvals" -> Action.REQUEST_APPROVAL;
            case BackupsApi.PATH -> Action.EXPORT_BACKUP;
            case HoldsApi.PATH -> Action.PLACE_LEGAL_HOLD;
            case "/v1/rotations" -> Action.of(KeyOperation.ROTATE_KEY);
            default -> Action.UNKNOWN;
        };
    }
}
