/** Load drivers for the job. */
@NullMarked
package dev.keyproof.stream.bench;

import org.jspecify.annotations.NullMarked;
