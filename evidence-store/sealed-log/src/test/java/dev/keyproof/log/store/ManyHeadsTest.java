package dev.keyproof.log.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head a second is thirty million a year: nobody may walk them all to find the last. */
final class ManyHeadsTest {
    private static final int HEADS = 200_000;
    private static final int PIECE = 64 << 10;

    @TempDir
    Path dir;

    private Path file;
    private DurableMark mark;
    private final List<Long> begins = new ArrayList<>();
    private int record;

    @BeforeEach
    void write() throws Exception {
        file = dir.resolve("heads");
        Path durable = dir.resolve("durable");
        Files.write(durable, new byte[DurableMark.BYTES]);
        mark = DurableMark.write(durable);
        CompactRange tree = new CompactRange();
        long end = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < HEADS; i++) {
                tree.append(new byte[] {1}, 0, 1);
                byte[] head = record(tree);
                out.write(head);
                begins.add(end);
                mark.released(end, end + head.length);
                end += head.length;
                record = Math.max(record, head.length);
            }
            out.write(new byte[PIECE]);
        }
    }

    @Test
    void theLastIsFoundWithoutWalkingTheOthers() throws Exception {
        // When
        long begin = HeadFile.begin(file, mark.headPlaces(), Long.MAX_VALUE);
        HeadFile.Head last =
                HeadFile.last(file, mark.headPlaces(), mark.headsEnd()).orElseThrow();

        // Then
        assertThat(last.signed().size()).isEqualTo(HEADS);
        assertThat(last.begin()).isEqualTo(begins.getLast());
        assertThat(walked(begin)).isLessThanOrEqualTo(PIECE / 300);
    }

    @Test
    void whoFollowsWalksNoMoreThanAFewTimesWhatIsNew() throws Exception {
        for (int behind = 1; behind < HEADS; behind *= 3) {
            // When
            long begin = HeadFile.begin(file, mark.headPlaces(), HEADS - behind);

            // Then
            assertThat(begin).isLessThanOrEqualTo(begins.get(HEADS - behind - 1));
            assertThat(mark.headsEnd() - begin)
                    .as("bytes walked by who is %d heads behind", behind)
                    .isLessThan(4L * behind * record + 4 * PIECE);
        }
        HeadReader reader = new HeadReader(new StoreLayout(dir));
        assertThat(new StoreLayout(dir).heads()).isEqualTo(file);
        assertThat(reader.after(HEADS - 5, mark))
                .extracting(SignedHead::size)
                .containsExactly(HEADS - 4L, HEADS - 3L, HEADS - 2L, HEADS - 1L, (long) HEADS);
        assertThat(reader.after(HEADS, mark)).isEmpty();
        assertThat(reader.after(HEADS - 1000, mark)).hasSize(1000);
    }

    @Test
    void aLadderThatLeadsNowhereCostsALongWalkOnly() throws Exception {
        // Given
        List<Long> wrong = List.of(begins.get(5) + 1, mark.headsEnd() + 7, 0L);

        // When
        long begin = HeadFile.begin(file, wrong, Long.MAX_VALUE);

        // Then
        assertThat(begin).isZero();
        assertThat(walked(begin)).isEqualTo(HEADS);
        assertThat(HeadFile.last(file, wrong, mark.headsEnd()).orElseThrow().begin())
                .isEqualTo(begins.getLast());
    }

    private int walked(long from) throws LogException {
        AtomicInteger count = new AtomicInteger();
        HeadFile.walk(file, from, mark.headsEnd(), head -> count.incrementAndGet());
        return count.get();
    }

    private static byte[] record(CompactRange tree) {
        Checkpoint checkpoint = new Checkpoint("keyproof/log/a", tree.size(), tree.root());
        byte[] note = new SignedNote(checkpoint.text(), List.of(new NoteSignature("a", 1, new byte[128]))).bytes();
        List<Hash> nodes = tree.nodes();
        int length = Integer.BYTES + note.length + nodes.size() * Hash.LENGTH;
        ByteBuffer bytes = ByteBuffer.allocate(2 * Integer.BYTES + length);
        bytes.putInt(length).putInt(0).putInt(note.length).put(note);
        nodes.forEach(hash -> bytes.put(hash.bytes()));
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 2 * Integer.BYTES, length);
        return bytes.putInt(Integer.BYTES, (int) crc.getValue()).array();
    }
}
