/** Several copies of one log held against each other: which of them lies. */
@NullMarked
package dev.keyproof.evidence.compare;

import org.jspecify.annotations.NullMarked;
