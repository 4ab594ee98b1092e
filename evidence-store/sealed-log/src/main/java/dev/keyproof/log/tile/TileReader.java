package dev.keyproof.log.tile;

import dev.keyproof.log.LogException;

/** Where tiles and bundles come from: a folder, a zip, a web server. */
@FunctionalInterface
public interface TileReader {
    /**
     * The bytes of one tile or bundle.
     *
     * @throws LogException if it is not there or cannot be read
     */
    byte[] read(TilePath path) throws LogException;
}
