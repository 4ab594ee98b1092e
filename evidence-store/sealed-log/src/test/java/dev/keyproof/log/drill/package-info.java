@NullMarked
package dev.keyproof.log.drill;

import org.jspecify.annotations.NullMarked;
