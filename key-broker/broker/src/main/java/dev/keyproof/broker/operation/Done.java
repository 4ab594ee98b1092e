package dev.keyproof.broker.operation;

import java.util.List;

/**
 * One item that was done.
 *
 * @param version the key version used
 * @param open bytes that may be known: the ciphertext, the signature; their digest goes on the record
 * @param attempts ids that the provider gave
 */
record Done(Result result, int version, byte[] open, List<String> attempts) {}
