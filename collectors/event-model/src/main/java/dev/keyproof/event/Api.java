package dev.keyproof.event;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The call as its origin names it. {@code request} is absent where the origin gave no request id. */
public record Api(
        String operation,
        Service service,
        @Nullable Request request,
        @Nullable Response response) {

    /** The service called. */
    public record Service(String name) {}

    /** The request by the origin's own id; {@code data} never holds plaintext, key bytes or tokens. */
    public record Request(String uid, @Nullable JsonNode data) {}

    /** The origin's answer. */
    public record Response(
            @Nullable Integer code,
            @Nullable String error,
            @Nullable String errorMessage) {}
}
