/** Keys that are resident in a PKCS#11 token. */
@NullMarked
package dev.keyproof.broker.provider.pkcs11;

import org.jspecify.annotations.NullMarked;
