@NullMarked
package dev.keyproof.review.standing;

import org.jspecify.annotations.NullMarked;
