/** Load on a broker over HTTP, held against the bare device. */
@NullMarked
package dev.keyproof.broker.bench;

import org.jspecify.annotations.NullMarked;
