/**
 * Brings every origin's key events into one stream; what cannot be read is kept in quarantine.
 */
@NullMarked
package dev.keyproof.collector;

import org.jspecify.annotations.NullMarked;
