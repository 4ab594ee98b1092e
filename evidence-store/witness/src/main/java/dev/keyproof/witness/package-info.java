/**
 * A witness of logs (C2SP tlog-witness): another party's memory of the last head that each showed. Knows no entry of any log.
 */
@NullMarked
package dev.keyproof.witness;

import org.jspecify.annotations.NullMarked;
