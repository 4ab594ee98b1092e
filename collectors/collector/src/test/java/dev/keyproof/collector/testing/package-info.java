/**
 * A real Kafka for the tests of every module that speaks to one. Knows nothing of events.
 */
@NullMarked
package dev.keyproof.collector.testing;

import org.jspecify.annotations.NullMarked;
