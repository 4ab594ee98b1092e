package dev.keyproof.broker.problem;

import java.util.Map;

/**
 * What a caller is told of one check that it failed: only what policy lets it know.
 *
 * @param code the reason's
 * @param read what the check found in the call
 * @param asked what policy's parameters ask of it
 */
public record Told(String code, Map<String, Object> read, Map<String, Object> asked) {}
