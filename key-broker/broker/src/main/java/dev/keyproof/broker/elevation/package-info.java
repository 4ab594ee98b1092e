/** Roles and hats that somebody has for some time on some keys, and what was called under them. Who may have which is policy's to say. */
@NullMarked
package dev.keyproof.broker.elevation;

import org.jspecify.annotations.NullMarked;
