/** What the broker does of itself when it is due, as a caller of its own operations: decided, recorded, like all others. */
@NullMarked
package dev.keyproof.broker.duty;

import org.jspecify.annotations.NullMarked;
