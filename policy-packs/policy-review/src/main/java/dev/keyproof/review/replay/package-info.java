/** Past decisions made again: under the policy they cite, and under two that are compared. */
@NullMarked
package dev.keyproof.review.replay;

import org.jspecify.annotations.NullMarked;
