package dev.keyproof.broker.approval;

/**
 * Who signed.
 *
 * @param counter of the signatures that the authenticator has made; 0 where nothing counts them
 */
record Signer(Approver approver, long counter) {}
