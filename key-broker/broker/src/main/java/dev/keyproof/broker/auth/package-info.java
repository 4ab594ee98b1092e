/** Who calls: tokens and certificates verified, strangers refused and counted. */
@NullMarked
package dev.keyproof.broker.auth;

import org.jspecify.annotations.NullMarked;
