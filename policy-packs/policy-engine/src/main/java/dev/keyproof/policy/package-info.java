/**
 * Loads a policy bundle and decides in process: may this be done, and is this key sound. Undefined means deny. Knows no
 * caller, no transport and no rule of its own: what is permitted stands in the bundle and its data.
 */
@NullMarked
package dev.keyproof.policy;

import org.jspecify.annotations.NullMarked;
