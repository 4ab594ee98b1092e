/**
 * What every origin looks like to the collector: batches of outgoing records with the position after them. Knows no origin
 * and no Kafka client.
 */
@NullMarked
package dev.keyproof.collector.source;

import org.jspecify.annotations.NullMarked;
