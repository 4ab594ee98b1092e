/**
 * Latency of operations per key in windows of event time, by mergeable sketches. Knows nothing of findings.
 */
@NullMarked
package dev.keyproof.stream.latency;

import org.jspecify.annotations.NullMarked;
