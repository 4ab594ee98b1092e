/** The command line: what an operator types, and the assembly of everything below it. Nothing else in the launcher knows it. */
@NullMarked
package dev.keyproof.launcher.cli;

import org.jspecify.annotations.NullMarked;
