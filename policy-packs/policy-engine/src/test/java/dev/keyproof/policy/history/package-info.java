/** Tests. */
@NullMarked
package dev.keyproof.policy.history;

import org.jspecify.annotations.NullMarked;
