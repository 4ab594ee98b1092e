/** What a review found, for people and for programs. */
@NullMarked
package dev.keyproof.review.report;

import org.jspecify.annotations.NullMarked;
