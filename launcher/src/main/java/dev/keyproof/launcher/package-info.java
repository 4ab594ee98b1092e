/**
 * Starts all parts on one machine; the operator's command line.
 */
@NullMarked
package dev.keyproof.launcher;

import org.jspecify.annotations.NullMarked;
