/** What a call does: decision, effect and record, in the order that the laws ask. */
@NullMarked
package dev.keyproof.broker.operation;

import org.jspecify.annotations.NullMarked;
