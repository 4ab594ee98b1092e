package dev.keyproof.log.store;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.LogPoisonedException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Every head that was signed, oldest first: length, CRC-32C, length of the note, the note, and the frontier of its tree, from which the
 * next head is reached without reading the log from its beginning. Zeros follow.
 */
final class HeadFile implements AutoCloseable {
    private static final int STEP = 256 << 10;
    private static final int PREFIX = 2 * Integer.BYTES;
    private static final int MAX_RECORD = 1 << 20;

    /** A head, its tree, and where its record begins and ends. */
    record Head(SignedHead signed, List<Hash> frontier, long begin, long end) {
        CompactRange tree() {
            return CompactRange.of(signed.size(), frontier);
        }
    }

    private final Path path;
    private final FileChannel channel;
    private long end;
    private long allocated;
    private @Nullable IOException broken;

    private HeadFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static void create(Path path) throws IOException {
        try (FileChannel made = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            Disk.write(made, ByteBuffer.allocate(STEP), 0);
            made.force(true);
        }
    }

    /** Opens it for appending after its last whole record. */
    static HeadFile open(Path path, @Nullable Head last) throws IOException {
        HeadFile file = new HeadFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        file.end = last == null ? 0 : last.end();
        // A record that was not whole was never released; its bytes must not pass for one later.
        file.channel.truncate(file.end);
        file.allocated = file.end;
        return file;
    }

    /** Stores a head for good; fails without harm if there is no room. */
    Head append(SignedHead head, List<Hash> frontier) throws LogException {
        byte[] note = head.note().bytes();
        if (broken != null) {
            throw new LogPoisonedException(
                    "an earlier head could not be stored in " + path + "; restart to recover", broken);
        }
        int length = Integer.BYTES + note.length + frontier.size() * Hash.LENGTH;
        ByteBuffer bytes = ByteBuffer.allocate(PREFIX + length);
        bytes.putInt(length).putInt(0).putInt(note.length).put(note);
        frontier.forEach(hash -> bytes.put(hash.bytes()));
        bytes.putInt(Integer.BYTES, crc(bytes.array(), PREFIX, length));
        reserve(bytes.capacity());
        try {
            Disk.write(channel, bytes.flip(), end);
            channel.force(false);
        } catch (IOException e) {
            broken = e;
            throw new LogPoisonedException("cannot store a signed head in " + path + "; restart to recover", e);
        }
        long begin = end;
        end += bytes.capacity();
        return new Head(head, frontier, begin, end);
    }

    private void reserve(int bytes) throws LogFullException {
        // One more length must always be there, and be zero.
        if (end + bytes + Integer.BYTES <= allocated) {
            return;
        }
        try {
            long to = end + Math.max(STEP, bytes + Integer.BYTES);
            Disk.write(channel, ByteBuffer.allocate((int) (to - allocated)), allocated);
            channel.force(true);
            allocated = to;
        } catch (IOException e) {
            throw new LogFullException("no room to preallocate " + path, e);
        }
    }

    /**
     * The last head.
     *
     * @param places where a record may begin, the last first, and in the end 0: where one does, only what follows is walked
     * @param limit as of {@link #walkWhile}
     */
    static Optional<Head> last(Path path, List<Long> places, long limit) throws LogException {
        AtomicReference<@Nullable Head> last = new AtomicReference<>();
        walk(path, begin(path, places, Long.MAX_VALUE), limit, last::set);
        return Optional.ofNullable(last.get());
    }

    /** The first of the places where a head over no more than {@code size} entries is stored; 0 if that is nowhere so. */
    static long begin(Path path, List<Long> places, long size) throws LogException {
        for (long place : places) {
            Optional<Head> there = place > 0 ? at(path, place) : Optional.empty();
            if (there.isPresent() && there.get().signed().size() <= size) {
                return place;
            }
        }
        return 0;
    }

    private static Optional<Head> at(Path path, long place) throws LogException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
            return Disk.read(channel, prefix, place)
                    ? Optional.ofNullable(record(channel, place, prefix.getInt(0), prefix.getInt(Integer.BYTES)))
                    : Optional.empty();
        } catch (NoteException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LogException("cannot read " + path, e);
        }
    }

    /** At most so many heads from a record's beginning on. */
    static List<Head> read(Path path, long from, int most) throws LogException {
        List<Head> heads = new ArrayList<>();
        walkWhile(path, from, Long.MAX_VALUE, head -> {
            heads.add(head);
            return heads.size() < most;
        });
        return heads;
    }

    /** Walks all heads from a record's beginning on, as {@link #walkWhile}. */
    static void walk(Path path, long from, long limit, Consumer<Head> each) throws LogException {
        walkWhile(path, from, limit, head -> {
            each.accept(head);
            return true;
        });
    }

    /**
     * Walks heads from a record's beginning on.
     *
     * @param limit bytes of the file that are durable, where no record can be torn; the largest number if that is not known
     * @param each false to end
     * @throws LogException if a record is damaged, and not only torn by a crash while it was written
     */
    static void walkWhile(Path path, long from, long limit, Predicate<Head> each) throws LogException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long place = from;
            while (place < limit) {
                ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
                boolean begun = Disk.read(channel, prefix, place) && prefix.getInt(0) != 0;
                Head head = begun ? record(channel, place, prefix.getInt(0), prefix.getInt(Integer.BYTES)) : null;
                if (head == null && limit < Long.MAX_VALUE) {
                    throw damaged(path, place);
                }
                if (!begun) {
                    return;
                }
                if (head == null) {
                    checkTorn(path, channel, place, prefix.getInt(0));
                    return;
                }
                if (!each.test(head)) {
                    return;
                }
                place = head.end();
            }
        } catch (NoteException e) {
            throw new LogCorruptException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LogException("cannot read " + path, e);
        }
    }

    private static @Nullable Head record(FileChannel channel, long place, int length, int crc)
            throws IOException, NoteException {
        if (length < Integer.BYTES || length > MAX_RECORD) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (!Disk.read(channel, bytes, place + PREFIX) || crc(bytes.array(), 0, length) != crc) {
            return null;
        }
        int noteLength = bytes.getInt();
        if (noteLength < 0 || noteLength > bytes.remaining() || (bytes.remaining() - noteLength) % Hash.LENGTH != 0) {
            throw new NoteException("a head of " + length + " bytes has no note of " + noteLength);
        }
        byte[] note = new byte[noteLength];
        bytes.get(note);
        List<Hash> frontier = new ArrayList<>();
        while (bytes.remaining() >= Hash.LENGTH) {
            byte[] hash = new byte[Hash.LENGTH];
            bytes.get(hash);
            frontier.add(Hash.of(hash));
        }
        SignedHead head = SignedHead.parse(new String(note, StandardCharsets.UTF_8));
        if (frontier.size() != Long.bitCount(head.size())) {
            throw new NoteException("the head over " + head.size() + " has a tree of " + frontier.size() + " hashes");
        }
        return new Head(head, frontier, place, place + PREFIX + length);
    }

    /** A torn record is the last thing in the file, and its length, written in one sector, makes sense; else it is damaged. */
    private static void checkTorn(Path path, FileChannel channel, long place, int length)
            throws IOException, LogCorruptException {
        boolean damaged = length < Integer.BYTES || length > MAX_RECORD;
        if (!damaged) {
            ByteBuffer following = ByteBuffer.allocate(Integer.BYTES);
            damaged = Disk.read(channel, following, place + PREFIX + length) && following.getInt() != 0;
        }
        if (damaged) {
            throw damaged(path, place);
        }
    }

    private static LogCorruptException damaged(Path path, long place) {
        return new LogCorruptException(path + ": the signed head at byte " + place + " is damaged");
    }

    /** Where something stands behind the last head; -1 if only zeros do. */
    static long behind(Path path, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(STEP);
            long place = end;
            while (channel.read(bytes.clear(), place) > 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    if (bytes.get() != 0) {
                        return place + bytes.position() - 1;
                    }
                }
                place += bytes.limit();
            }
            return -1;
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
