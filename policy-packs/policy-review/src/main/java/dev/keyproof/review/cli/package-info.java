/** The commands about policy. */
@NullMarked
package dev.keyproof.review.cli;

import org.jspecify.annotations.NullMarked;
