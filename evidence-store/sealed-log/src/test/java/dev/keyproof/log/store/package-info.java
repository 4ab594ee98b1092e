@NullMarked
package dev.keyproof.log.store;

import org.jspecify.annotations.NullMarked;
