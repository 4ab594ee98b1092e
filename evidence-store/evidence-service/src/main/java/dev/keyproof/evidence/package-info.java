/**
 * Seals the stream and hands out packs.
 */
@NullMarked
package dev.keyproof.evidence;

import org.jspecify.annotations.NullMarked;
