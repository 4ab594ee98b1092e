package dev.keyproof.broker.operation;

import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.provider.Use;

/**
 * What an operation is about.
 *
 * @param request id of the call it serves
 */
record Subject(Key key, String request) {
    Use by(KeyVersion version) {
        return new Use(version, request);
    }
}
