/** How the keys of a history stand under the rules of two policies. It folds events as the stream job does, and evaluates at one moment only. */
@NullMarked
package dev.keyproof.review.standing;

import org.jspecify.annotations.NullMarked;
