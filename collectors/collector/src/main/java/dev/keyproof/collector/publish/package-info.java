/**
 * Batches into Kafka in transactions that hold the positions too, so that each record arrives exactly once. Knows no origin.
 */
@NullMarked
package dev.keyproof.collector.publish;

import org.jspecify.annotations.NullMarked;
