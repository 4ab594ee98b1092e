package dev.keyproof.broker.problem;

import java.net.URI;

/** Each way in which a call can fail. The type URI is part of the public contract; the status is HTTP's. */
public enum Problem {
    UNAUTHENTICATED("unauthenticated", 401, "A valid token is needed"),
    DENIED("denied", 403, "Policy does not allow this"),
    KEY_NOT_FOUND("key-not-found", 404, "There is no such key"),
    ELEVATION_NOT_FOUND("elevation-not-found", 404, "There is no such elevation"),
    APPROVAL_NOT_FOUND("approval-not-found", 404, "There is no such approval"),
    NOT_FOUND("not-found", 404, "There is nothing here"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
    ILLEGAL_STATE("illegal-state", 409, "The key's state does not allow this"),
    APPROVAL_USED("approval-used", 409, "The approval was used before"),
    USAGE_LIMIT("usage-limit", 409, "The key's version has protected as often as it may"),
    DATA_KEY_NOT_FOUND("data-key-not-found", 404, "There is no such data key"),
    CONFLICT("conflict", 409, "This exists already"),
    IDEMPOTENCY_IN_PROGRESS("idempotency-in-progress", 409, "The first call is under way"),
    PRECONDITION_FAILED("precondition-failed", 412, "The key is not as the caller saw it"),
    TOO_LARGE("too-large", 413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Only application/json is read"),
    INVALID_INPUT("invalid-input", 422, "The request is not valid"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 422, "The Idempotency-Key was used for something else"),
    IDEMPOTENCY_KEY_UNSUPPORTED("idempotency-key-unsupported", 422, "This takes no Idempotency-Key"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "These are too many calls"),
    NOT_DECRYPTABLE("not-decryptable", 422, "The ciphertext does not decrypt with this key and context"),
    APPROVAL_INVALID("approval-invalid", 422, "The approval does not hold"),
    INTERNAL("internal", 500, "The broker failed"),
    KEY_TAMPERED("key-tampered", 500, "The stored key is not the one that was born"),
    PROVIDER_UNAVAILABLE("provider-unavailable", 503, "The key's device does not answer"),
    CHANGE_UNAVAILABLE("change-unavailable", 503, "The change cannot be looked up"),
    STATE_UNAVAILABLE("state-unavailable", 503, "The keys' state cannot be read"),
    STATE_OLDER("state-older", 503, "The keys' state is older than it was"),
    JOURNAL_FULL("journal-full", 503, "The journal has no room"),
    JOURNAL_UNAVAILABLE("journal-unavailable", 503, "The journal cannot be written");

    private final String id;
    private final int status;
    private final String title;

    Problem(String id, int status, String title) {
        this.id = id;
        this.status = status;
        this.title = title;
    }

    /** The stable name, the last part of {@link #type()}. */
    public String id() {
        return id;
    }

    public URI type() {
        return URI.create("urn:keyproof:problem:" + id);
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
