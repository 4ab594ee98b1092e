/**
 * The sealed log: entries in a store, published as C2SP tiles under signed checkpoints. Knows no event, no Kafka and no Spring.
 */
@NullMarked
package dev.keyproof.log.sealed;

import org.jspecify.annotations.NullMarked;
