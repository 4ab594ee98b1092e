/**
 * A numbered, hash-chained, durable journal on the store of the sealed log, and a reader that follows it from another process.
 * Knows no event format: the caller writes each entry when its number and the previous hash are known.
 */
@NullMarked
package dev.keyproof.log.journal;

import org.jspecify.annotations.NullMarked;
