/**
 * Game days for the log: a process that writes is killed again and again, and what it had said is held against what is there. Uses the
 * sealed log by its public face only; nothing else in this module uses it.
 */
@NullMarked
package dev.keyproof.log.drill;

import org.jspecify.annotations.NullMarked;
