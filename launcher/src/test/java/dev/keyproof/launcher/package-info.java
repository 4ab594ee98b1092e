/** Laws that hold for the whole product, checked on what every module compiled to. */
@NullMarked
package dev.keyproof.launcher;

import org.jspecify.annotations.NullMarked;
