/** How often keys are used, by whom, and how often they may be. Knows no device. */
@NullMarked
package dev.keyproof.broker.use;

import org.jspecify.annotations.NullMarked;
