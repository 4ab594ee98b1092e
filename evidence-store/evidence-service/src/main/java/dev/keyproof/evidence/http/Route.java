package dev.keyproof.evidence.http;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * One endpoint.
 *
 * @param method GET also answers HEAD
 * @param path the whole path as a regular expression; its groups go to the handler
 */
record Route(String method, Pattern path, Access access, Handler handler) {
    /** Who may call. */
    enum Access {
        EVERYONE,
        READERS,
        OPERATORS
    }

    /** Answers a call that may be made. {@link EvidenceException}: what is asked cannot be done, and why. */
    @FunctionalInterface
    interface Handler {
        Answer answer(Call call) throws EvidenceException, LogException, IOException;
    }

    static Route get(String path, Access access, Handler handler) {
        return new Route("GET", Pattern.compile(path), access, handler);
    }

    static Route post(String path, Access access, Handler handler) {
        return new Route("POST", Pattern.compile(path), access, handler);
    }

    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
