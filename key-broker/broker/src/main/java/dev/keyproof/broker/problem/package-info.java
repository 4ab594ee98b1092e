/** What can go wrong, by stable name: the one exception family of the broker and its RFC 9457 types. */
@NullMarked
package dev.keyproof.broker.problem;

import org.jspecify.annotations.NullMarked;
