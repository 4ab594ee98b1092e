/**
 * The Flink job over the event stream.
 */
@NullMarked
package dev.keyproof.stream;

import org.jspecify.annotations.NullMarked;
