/** Tests of the job. */
@NullMarked
package dev.keyproof.stream;

import org.jspecify.annotations.NullMarked;
