package dev.keyproof.evidence.http;

import dev.keyproof.evidence.access.NotRecordedException;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One endpoint.
 *
 * @param method GET also answers HEAD
 * @param path the whole path as a regular expression; its groups go to the handler
 * @param operation what policy is asked for, and what is put on record; empty: nothing, everybody may call
 */
record Route(String method, Pattern path, Optional<Operation> operation, Handler handler) {
    /** Answers a call that may be made. {@link EvidenceException}: what is asked cannot be done, and why. */
    @FunctionalInterface
    interface Handler {
        Answer answer(Call call) throws EvidenceException, LogException, IOException, NotRecordedException;
    }

    /** For everybody: not for evidence. */
    static Route open(String path, Handler handler) {
        return new Route("GET", Pattern.compile(path), Optional.empty(), handler);
    }

    static Route get(String path, Operation operation, Handler handler) {
        return new Route("GET", Pattern.compile(path), Optional.of(operation), handler);
    }

    static Route post(String path, Operation operation, Handler handler) {
        return new Route("POST", Pattern.compile(path), Optional.of(operation), handler);
    }

    static Route put(String path, Operation operation, Handler handler) {
        return new Route("PUT", Pattern.compile(path), Optional.of(operation), handler);
    }

    static Route delete(String path, Operation operation, Handler handler) {
        return new Route("DELETE", Pattern.compile(path), Optional.of(operation), handler);
    }

    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
