/**
 * From Kafka into the log, exactly once, and the continuity of every source. Knows no key and no pack.
 */
@NullMarked
package dev.keyproof.evidence.seal;

import org.jspecify.annotations.NullMarked;
