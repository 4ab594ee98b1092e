/**
 * Verifies an evidence pack. Trusts nothing in it but what an anchor from outside proves.
 */
@NullMarked
package dev.keyproof.verify;

import org.jspecify.annotations.NullMarked;
