@NullMarked
package dev.keyproof.log.sealed;

import org.jspecify.annotations.NullMarked;
