@NullMarked
package dev.keyproof.review;

import org.jspecify.annotations.NullMarked;
