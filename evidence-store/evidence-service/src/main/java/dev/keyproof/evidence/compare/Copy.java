package dev.keyproof.evidence.compare;

import dev.keyproof.evidence.head.TrustedHeads;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.HashSource;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TileHashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A copy of a year's log, and whether it agrees with itself and with the keys of the trust file. */
sealed interface Copy {
    /** The name by which people know it. */
    String name();

    /** Each of its entries leads to a root that trusted keys signed. */
    record Sound(String name, Path folder, SignedHead head) implements Copy {
        HashSource tree() {
            return new TileHashes(new TileFolder(folder), head.size());
        }

        /** Root over its first entries. */
        Hash root(long size) throws LogException {
            HashSource tree = tree();
            List<Hash> nodes = new ArrayList<>();
            long done = 0;
            for (int level = 62; level >= 0; level--) {
                if ((size >>> level & 1) == 1) {
                    nodes.add(tree.hash(level, done >>> level));
                    done += 1L << level;
                }
            }
            return CompactRange.of(size, nodes).root();
        }
    }

    /** Altered, unsigned, or not there. */
    record Unsound(String name, String reason) implements Copy {}

    /** A log in a folder that nobody has open. */
    static Copy in(String name, Path folder, int year, TrustedHeads trusted) {
        try {
            FsckReport report = SealedLog.fsck(folder, List.of());
            if (!report.sound()) {
                return new Unsound(name, report.faults().getFirst());
            }
            Optional<SignedHead> head = trusted.read(
                    year, new TileFolder(folder).checkpoint().note().format());
            return head.<Copy>map(signed -> new Sound(name, folder, signed))
                    .orElseGet(() -> new Unsound(name, "its checkpoint is not signed by keys of the trust file"));
        } catch (LogException e) {
            return new Unsound(name, String.valueOf(e.getMessage()));
        }
    }
}
