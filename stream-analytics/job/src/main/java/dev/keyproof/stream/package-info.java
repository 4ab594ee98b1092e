/**
 * The Flink job: builds the line from key events to findings, alerts and latency windows, and runs it in a cluster of its own
 * or on one that stands. Knows Kafka only by its topics and the broker not at all.
 */
@NullMarked
package dev.keyproof.stream;

import org.jspecify.annotations.NullMarked;
