/**
 * The web console.
 */
@NullMarked
package dev.keyproof.console;

import org.jspecify.annotations.NullMarked;
