/**
 * Witnesses of the logs: other parties who remember the last head they saw. Knows no Kafka record, no pack and no HTTP of ours.
 */
@NullMarked
package dev.keyproof.evidence.witness;

import org.jspecify.annotations.NullMarked;
