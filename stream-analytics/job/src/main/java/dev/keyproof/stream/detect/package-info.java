/**
 * Detectors over the stream of key uses. Knows no policy and no transport.
 */
@NullMarked
package dev.keyproof.stream.detect;

import org.jspecify.annotations.NullMarked;
