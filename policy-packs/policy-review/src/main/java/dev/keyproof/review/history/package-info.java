/** Decisions that were sealed, read from a log or a pack in their order. */
@NullMarked
package dev.keyproof.review.history;

import org.jspecify.annotations.NullMarked;
