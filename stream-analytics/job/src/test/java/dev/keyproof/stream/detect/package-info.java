/** Tests. */
@NullMarked
package dev.keyproof.stream.detect;

import org.jspecify.annotations.NullMarked;
