/** How much of a policy its own tests hold: each comparison, each {@code not} and each constant is changed, and some test should fail. */
@NullMarked
package dev.keyproof.review.mutation;

import org.jspecify.annotations.NullMarked;
