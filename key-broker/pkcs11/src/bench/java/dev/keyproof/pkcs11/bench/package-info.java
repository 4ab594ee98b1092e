/** What the token alone can do, as the measure for everything built on it. */
@NullMarked
package dev.keyproof.pkcs11.bench;

import org.jspecify.annotations.NullMarked;
