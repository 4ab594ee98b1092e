/**
 * From the bytes of an event to the few fields that detectors read. Knows neither detectors nor topics.
 */
@NullMarked
package dev.keyproof.stream.read;

import org.jspecify.annotations.NullMarked;
