package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.review.history.Place;
import java.util.function.LongFunction;

/**
 * What the rules judge.
 *
 * @param kind {@code key}, or what else the rules are asked about
 * @param told where the record told of it last
 * @param input what the rules read at a moment, milliseconds since 1970
 */
record Subject(String kind, String id, Place told, LongFunction<JsonNode> input) {}
