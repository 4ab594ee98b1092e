@NullMarked
package dev.keyproof.log.tile;

import org.jspecify.annotations.NullMarked;
