/** How long a decision takes, beside the same policy on OPA's own server. Knows the engine's public face only. */
@NullMarked
package dev.keyproof.policy.bench;

import org.jspecify.annotations.NullMarked;
