package dev.keyproof.verify;

/**
 * An entry proven to be in a log.
 *
 * @param log the log's folder in the pack
 * @param index its place in the log
 * @param bytes its bytes; not to be changed
 */
public record Entry(String log, long index, byte[] bytes) {}
