/** What the tokens hold, held against what was ordered; and what becomes of the tokens themselves. */
@NullMarked
package dev.keyproof.broker.device;

import org.jspecify.annotations.NullMarked;
