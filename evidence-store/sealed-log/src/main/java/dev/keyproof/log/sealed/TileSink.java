package dev.keyproof.log.sealed;

import dev.keyproof.log.LogException;
import dev.keyproof.log.tile.TilePath;

/** Takes tiles and bundles as a tree grows. */
@FunctionalInterface
interface TileSink {
    /** The content is the sink's only during the call. */
    void put(TilePath path, byte[] content, int length) throws LogException;
}
