/**
 * Rules evaluated on changed key state, and their results told apart from what was known. Knows no transport.
 */
@NullMarked
package dev.keyproof.stream.compliance;

import org.jspecify.annotations.NullMarked;
