@NullMarked
package dev.keyproof.log.note;

import org.jspecify.annotations.NullMarked;
