package dev.keyproof.log.merkle;

import dev.keyproof.log.LogException;

/** Where proofs get the hashes of complete subtrees from. */
@FunctionalInterface
public interface HashSource {
    /**
     * The hash of the complete subtree over entries {@code index << level} to {@code (index + 1) << level}, exclusive.
     *
     * @throws LogException if the source does not hold it or cannot be read
     */
    Hash hash(int level, long index) throws LogException;
}
