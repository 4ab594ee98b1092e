package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.KeyVersion;

/**
 * A use of a key version.
 *
 * @param request ULID of the call that it serves; a provider that keeps a log of its own passes it on in whatever header or field
 *     that log shows, so that the two records can be joined
 */
public record Use(KeyVersion key, String request) {}
