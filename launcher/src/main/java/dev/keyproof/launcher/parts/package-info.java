/** The parts of an installation: what each needs before it starts, its command, and how to see that it is well. It starts nothing. */
@NullMarked
package dev.keyproof.launcher.parts;

import org.jspecify.annotations.NullMarked;
