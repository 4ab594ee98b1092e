package dev.keyproof.pkcs11;

/**
 * How busy a shard of a token is.
 *
 * @param token the token's label
 * @param shard counted from 0
 * @param idle native sessions that are open and unused
 * @param busy calls in the module now
 */
public record ShardLoad(String token, int shard, int idle, int busy) {}
