/** What an installation needs once before its parts can start: tokens, identities, the policy, the configuration of each part. */
@NullMarked
package dev.keyproof.launcher.setup;

import org.jspecify.annotations.NullMarked;
