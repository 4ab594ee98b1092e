/**
 * The copy of the log in a bucket with Object Lock, and the way back from there. Knows no Kafka, no HTTP of ours and no key that signs.
 */
@NullMarked
package dev.keyproof.evidence.remote;

import org.jspecify.annotations.NullMarked;
