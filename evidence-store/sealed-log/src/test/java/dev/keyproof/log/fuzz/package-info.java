@NullMarked
package dev.keyproof.log.fuzz;

import org.jspecify.annotations.NullMarked;
