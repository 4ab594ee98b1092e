/**
 * What the rules are told of a key's past, folded from its events. Counts and remembers, and judges nothing.
 */
@NullMarked
package dev.keyproof.policy.history;

import org.jspecify.annotations.NullMarked;
