/** Tests. */
@NullMarked
package dev.keyproof.stream.compliance;

import org.jspecify.annotations.NullMarked;
