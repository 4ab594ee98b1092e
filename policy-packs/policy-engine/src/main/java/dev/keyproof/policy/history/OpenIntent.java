package dev.keyproof.policy.history;

/**
 * An intent of which no outcome was told yet.
 *
 * @param event its uid
 * @param time milliseconds since 1970
 */
public record OpenIntent(String event, String operation, long time) {}
