/** Tests. */
@NullMarked
package dev.keyproof.stream.latency;

import org.jspecify.annotations.NullMarked;
