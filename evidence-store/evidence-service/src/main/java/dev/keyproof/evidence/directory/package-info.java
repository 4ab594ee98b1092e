/** Who is behind the opaque ids in the log, and how a person and an artifact are erased without breaking a proof. */
@NullMarked
package dev.keyproof.evidence.directory;

import org.jspecify.annotations.NullMarked;
