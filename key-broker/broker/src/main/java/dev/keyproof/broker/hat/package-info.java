/** Which hat somebody wore on a key. What a hat is, and who may wear which, is policy's to say. */
@NullMarked
package dev.keyproof.broker.hat;

import org.jspecify.annotations.NullMarked;
