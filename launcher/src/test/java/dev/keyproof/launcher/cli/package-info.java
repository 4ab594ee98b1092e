/** The whole of it, run as an operator runs it. */
@NullMarked
package dev.keyproof.launcher.cli;

import org.jspecify.annotations.NullMarked;
