/** The one digest that records, statements and files are named by. */
@NullMarked
package dev.keyproof.broker.digest;

import org.jspecify.annotations.NullMarked;
