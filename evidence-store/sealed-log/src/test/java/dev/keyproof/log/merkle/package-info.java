@NullMarked
package dev.keyproof.log.merkle;

import org.jspecify.annotations.NullMarked;
