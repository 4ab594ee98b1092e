package dev.keyproof.review.history;

/**
 * Where a record is sealed.
 *
 * @param log the log's year, or its folder in a pack
 * @param index of the entry, from 0
 * @param time of the event in milliseconds since 1970
 */
public record Place(String log, long index, long time) {}
