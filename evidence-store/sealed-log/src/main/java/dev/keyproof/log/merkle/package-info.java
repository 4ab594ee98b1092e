/**
 * RFC 6962 hashing over a growing list of entries: frontier, roots, inclusion and consistency proofs. Knows no file and no signature.
 */
@NullMarked
package dev.keyproof.log.merkle;

import org.jspecify.annotations.NullMarked;
