/**
 * The file layout of C2SP tlog-tiles: paths, entry bundles, and tree hashes read from tiles. Knows no signature and no writer.
 */
@NullMarked
package dev.keyproof.log.tile;

import org.jspecify.annotations.NullMarked;
