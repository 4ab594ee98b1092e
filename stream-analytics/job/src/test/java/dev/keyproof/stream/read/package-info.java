/** Tests. */
@NullMarked
package dev.keyproof.stream.read;

import org.jspecify.annotations.NullMarked;
