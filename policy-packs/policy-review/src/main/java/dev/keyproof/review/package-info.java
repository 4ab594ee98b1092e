/** The review of a changed policy: its checks, and what it would have decided of all that was sealed. */
@NullMarked
package dev.keyproof.review;

import org.jspecify.annotations.NullMarked;
