/** A real workload through the broker's public API, as its users would make it, and the reconciliation of every store's count with it. */
@NullMarked
package dev.keyproof.launcher.workload;

import org.jspecify.annotations.NullMarked;
