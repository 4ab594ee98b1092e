/** Data keys that are registered under their KEK, wrapped, and their move when the KEK rotates. Knows no device. */
@NullMarked
package dev.keyproof.broker.datakey;

import org.jspecify.annotations.NullMarked;
