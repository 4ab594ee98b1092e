package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** Any file is read as heads, each with a tree of its size, or refused; also one whose first record's CRC is right. */
public final class HeadFileFuzz {
    private static final int PREFIX = 8;

    private HeadFileFuzz() {}

    public static List<byte[]> samples() {
        CompactRange tree = new CompactRange();
        tree.append(new byte[] {1}, 0, 1);
        tree.append(new byte[] {2}, 0, 1);
        tree.append(new byte[] {3}, 0, 1);
        byte[] one = record(tree);
        byte[] two = new byte[2 * one.length + PREFIX];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        return List.of(new byte[0], one, two);
    }

    private static byte[] record(CompactRange tree) {
        Checkpoint checkpoint = new Checkpoint("keyproof/log/a", tree.size(), tree.root());
        byte[] note = new SignedNote(checkpoint.text(), List.of(new NoteSignature("a", 1, new byte[64]))).bytes();
        int length = Integer.BYTES + note.length + tree.nodes().size() * Hash.LENGTH;
        ByteBuffer bytes = ByteBuffer.allocate(PREFIX + length);
        bytes.putInt(length).putInt(0).putInt(note.length).put(note);
        tree.nodes().forEach(hash -> bytes.put(hash.bytes()));
        return withCrc(bytes.array());
    }

    private static byte[] withCrc(byte[] record) {
        byte[] bytes = record.clone();
        if (bytes.length > PREFIX) {
            int length = ByteBuffer.wrap(bytes).getInt(0);
            if (length > 0 && length <= bytes.length - PREFIX) {
                CRC32C crc = new CRC32C();
                crc.update(bytes, PREFIX, length);
                ByteBuffer.wrap(bytes).putInt(Integer.BYTES, (int) crc.getValue());
            }
        }
        return bytes;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Path file = Files.createTempFile("heads", "");
            try {
                read(file, input);
                read(file, withCrc(input));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        try {
            HeadFile.walk(file, 0, Long.MAX_VALUE, head -> {
                if (head.tree().size() != head.signed().size()) {
                    throw new AssertionError("a head without its tree");
                }
            });
        } catch (LogException e) {
            // What is declared.
        }
    }
}
