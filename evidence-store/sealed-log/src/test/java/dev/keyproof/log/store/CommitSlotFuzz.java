package dev.keyproof.log.store;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.store.Committed.Positions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Any slot is a commit that is written as it was read, or none; also one whose CRC is right. */
public final class CommitSlotFuzz {
    private static final int CRC_AT = CommitSlot.BYTES - Integer.BYTES;

    private CommitSlotFuzz() {}

    public static List<byte[]> samples() {
        CompactRange tree = new CompactRange();
        for (int i = 0; i < 7; i++) {
            tree.append(new byte[] {(byte) i}, 0, 1);
        }
        Committed commit =
                new Committed(5, tree.size(), 21, tree.nodes(), tree.root(), new Positions(new byte[] {1, 2, 3}));
        return List.of(encoded(Committed.nothing()), encoded(commit), new byte[CommitSlot.BYTES]);
    }

    private static byte[] encoded(Committed commit) {
        ByteBuffer slot = ByteBuffer.allocate(CommitSlot.BYTES);
        CommitSlot.encode(commit, slot);
        return slot.array();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = Arrays.copyOf(input, CommitSlot.BYTES);
        decode(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        ByteBuffer.wrap(bytes).putInt(CRC_AT, (int) crc.getValue());
        decode(bytes);
    }

    private static void decode(byte[] bytes) {
        Optional<Committed> commit = CommitSlot.decode(ByteBuffer.wrap(bytes));
        if (commit.isPresent() && !Arrays.equals(encoded(commit.get()), bytes)) {
            throw new AssertionError("read as something else");
        }
    }
}
