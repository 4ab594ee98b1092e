/** How fast past decisions are made again. */
@NullMarked
package dev.keyproof.review.bench;

import org.jspecify.annotations.NullMarked;
