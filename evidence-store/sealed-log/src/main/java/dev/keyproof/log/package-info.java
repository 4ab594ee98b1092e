/**
 * The log: entries, tree, checkpoints, proofs. Knows no event, no Kafka and no Spring.
 */
@NullMarked
package dev.keyproof.log;

import org.jspecify.annotations.NullMarked;
