@NullMarked
package dev.keyproof.log.journal;

import org.jspecify.annotations.NullMarked;
