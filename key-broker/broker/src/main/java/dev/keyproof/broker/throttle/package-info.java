/** How many calls are taken of a caller. The limits are policy's data. */
@NullMarked
package dev.keyproof.broker.throttle;

import org.jspecify.annotations.NullMarked;
