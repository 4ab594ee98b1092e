/**
 * What the rules are told of the past of a key, an account, a token or an installation, folded from events. Counts and remembers, and judges nothing.
 */
@NullMarked
package dev.keyproof.policy.history;

import org.jspecify.annotations.NullMarked;
