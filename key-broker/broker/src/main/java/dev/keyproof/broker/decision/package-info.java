/** What policy is asked and what it answered. Roles, quorums and periods live in the policy, not here. */
@NullMarked
package dev.keyproof.broker.decision;

import org.jspecify.annotations.NullMarked;
