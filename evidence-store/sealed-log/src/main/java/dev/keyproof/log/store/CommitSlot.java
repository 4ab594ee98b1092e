package dev.keyproof.log.store;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.store.Committed.Positions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One commit as it stands in the commit file: magic, sequence, size, end, number of hashes, length of positions, root, hashes,
 * positions, and in the last four bytes of the slot the CRC-32C over all before.
 */
final class CommitSlot {
    /** One block of the disk, so that a torn write harms no neighbour. */
    static final int BYTES = 4096;
    /** What remains beside a frontier of 63 hashes. */
    static final int MAX_POSITIONS = 1920;

    private static final long MAGIC = 0x4b50434f4d4d4954L;
    private static final int CRC_AT = BYTES - Integer.BYTES;

    private CommitSlot() {}

    static void encode(Committed commit, ByteBuffer slot) {
        slot.clear();
        slot.putLong(MAGIC)
                .putLong(commit.sequence())
                .putLong(commit.size())
                .putLong(commit.end())
                .putShort((short) commit.frontier().size())
                .putShort((short) commit.positions().length())
                .put(commit.root().bytes());
        commit.frontier().forEach(hash -> slot.put(hash.bytes()));
        slot.put(commit.positions().bytes());
        while (slot.position() < CRC_AT) {
            slot.put((byte) 0);
        }
        slot.putInt(crc(slot));
        slot.flip();
    }

    /** Empty if the slot was never written, is torn or damaged. */
    static Optional<Committed> decode(ByteBuffer slot) {
        slot.clear();
        if (slot.getLong() != MAGIC || slot.getInt(CRC_AT) != crc(slot)) {
            return Optional.empty();
        }
        long sequence = slot.getLong();
        long size = slot.getLong();
        long end = slot.getLong();
        int hashes = slot.getShort();
        int length = slot.getShort();
        if (sequence < 0
                || size < 0
                || end < 0
                || hashes != Long.bitCount(size)
                || length < 0
                || length > MAX_POSITIONS) {
            return Optional.empty();
        }
        byte[] positions = new byte[length];
        Hash root = hash(slot);
        List<Hash> frontier = new ArrayList<>(hashes);
        for (int i = 0; i < hashes; i++) {
            frontier.add(hash(slot));
        }
        slot.get(positions);
        // One commit has one spelling.
        boolean padded = isZero(slot.slice(slot.position(), CRC_AT - slot.position()));
        if (!padded || !CompactRange.of(size, frontier).root().equals(root)) {
            return Optional.empty();
        }
        return Optional.of(new Committed(sequence, size, end, frontier, root, new Positions(positions)));
    }

    static boolean isZero(ByteBuffer slot) {
        slot.clear();
        while (slot.hasRemaining()) {
            if (slot.get() != 0) {
                return false;
            }
        }
        return true;
    }

    private static Hash hash(ByteBuffer slot) {
        byte[] bytes = new byte[Hash.LENGTH];
        slot.get(bytes);
        return Hash.of(bytes);
    }

    private static int crc(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        ByteBuffer view = slot.duplicate();
        view.position(0).limit(CRC_AT);
        crc.update(view);
        return (int) crc.getValue();
    }
}
