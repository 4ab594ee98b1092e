/**
 * The token library. Knows no HTTP, no policy and no database.
 */
@NullMarked
package dev.keyproof.pkcs11;

import org.jspecify.annotations.NullMarked;
