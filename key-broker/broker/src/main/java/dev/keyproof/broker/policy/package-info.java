/** The policy that is in force, and how another one comes into its place. */
@NullMarked
package dev.keyproof.broker.policy;

import org.jspecify.annotations.NullMarked;
