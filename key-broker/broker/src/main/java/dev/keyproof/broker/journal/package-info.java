/** No answer without a record: events of calls, their way into the journal, signed heads, recovery of positions. */
@NullMarked
package dev.keyproof.broker.journal;

import org.jspecify.annotations.NullMarked;
