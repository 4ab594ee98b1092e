package dev.keyproof.log.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The commits, in a ring of slots made at its full size when the log is made. A commit goes into the slot after the last one, so what
 * was valid stays until long after something newer is.
 */
final class CommitFile implements AutoCloseable {
    static final int SLOTS = 256;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(CommitSlot.BYTES);

    private CommitFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static void create(Path path) throws IOException {
        try (FileChannel made = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer zeros = ByteBuffer.allocate(CommitSlot.BYTES * SLOTS);
            Disk.write(made, zeros, 0);
            made.force(true);
        }
    }

    static CommitFile open(Path path) throws IOException {
        return new CommitFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Written, not yet forced. */
    void write(Committed commit) throws IOException {
        CommitSlot.encode(commit, slot);
        Disk.write(channel, slot, place(commit.sequence()));
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** Makes a commit that was not valid never to have been. */
    void erase(long sequence) throws IOException {
        Disk.write(channel, ByteBuffer.allocate(CommitSlot.BYTES), place(sequence));
        force();
    }

    /** Clears slots that are neither valid nor untouched, and says which; gives the file back its full size. */
    List<String> eraseDamaged() throws IOException {
        Content content = read();
        for (int damaged : content.damaged()) {
            Disk.write(channel, ByteBuffer.allocate(CommitSlot.BYTES), place(damaged));
        }
        long length = channel.size();
        if (length < (long) SLOTS * CommitSlot.BYTES) {
            long whole = length - length % CommitSlot.BYTES;
            Disk.write(channel, ByteBuffer.allocate((int) (SLOTS * CommitSlot.BYTES - whole)), whole);
        }
        force();
        return content.faults();
    }

    private static long place(long sequence) {
        return sequence % SLOTS * CommitSlot.BYTES;
    }

    /** What a ring holds: its valid commits, oldest first, and one line for each slot that is neither valid nor untouched. */
    record Content(List<Committed> commits, List<String> faults, List<Integer> damaged) {}

    Content read() throws IOException {
        return read(path, channel);
    }

    static Content read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(path, channel);
        }
    }

    private static Content read(Path path, FileChannel channel) throws IOException {
        List<Committed> commits = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<Integer> damaged = new ArrayList<>();
        ByteBuffer block = ByteBuffer.allocate(CommitSlot.BYTES);
        for (int i = 0; i < SLOTS; i++) {
            long place = (long) i * CommitSlot.BYTES;
            if (!Disk.read(channel, block.clear(), place)) {
                faults.add(path + ": ends before byte " + (place + CommitSlot.BYTES));
                break;
            }
            int slotIndex = i;
            CommitSlot.decode(block)
                    .filter(commit -> commit.sequence() % SLOTS == slotIndex)
                    .ifPresentOrElse(commits::add, () -> {
                        if (!CommitSlot.isZero(block)) {
                            damaged.add(slotIndex);
                            faults.add(path + ": commit slot " + slotIndex + " at byte " + place + " is damaged");
                        }
                    });
        }
        commits.sort(Comparator.comparingLong(Committed::sequence));
        return new Content(commits, faults, damaged);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
