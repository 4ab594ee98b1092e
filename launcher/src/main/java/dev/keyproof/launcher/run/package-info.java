/** Brings an installation's parts up, down, and says how they are. It knows parts only by what {@link dev.keyproof.launcher.parts.Part} tells. */
@NullMarked
package dev.keyproof.launcher.run;

import org.jspecify.annotations.NullMarked;
