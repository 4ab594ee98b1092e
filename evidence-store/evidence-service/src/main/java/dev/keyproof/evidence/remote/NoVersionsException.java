package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;

/** The bucket keeps no versions: what is overwritten there is gone. */
final class NoVersionsException extends EvidenceException {
    private static final long serialVersionUID = 1;

    NoVersionsException(String message) {
        super(message);
    }
}
