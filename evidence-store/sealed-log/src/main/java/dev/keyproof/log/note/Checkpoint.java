package dev.keyproof.log.note;

import dev.keyproof.log.merkle.Hash;
import java.util.List;

/**
 * What a log signs (C2SP tlog-checkpoint).
 *
 * @param origin which log
 * @param size number of entries
 * @param root Merkle root over them
 * @param extensions further lines, usually none
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (origin.isEmpty() || origin.indexOf('\n') >= 0 || size < 0) {
            throw new IllegalArgumentException("a checkpoint has an origin of one line and a size from 0");
        }
        if (extensions.stream().anyMatch(line -> line.isEmpty() || line.indexOf('\n') >= 0)) {
            throw new IllegalArgumentException("an extension of a checkpoint is one line, not empty");
        }
    }

    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /** The note text, ending in a newline. */
    public String text() {
        StringBuilder text = new StringBuilder()
                .append(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * Parses a note's text; strict.
     *
     * @throws NoteException saying what is wrong
     */
    public static Checkpoint parse(String text) throws NoteException {
        if (!text.endsWith("\n")) {
            throw new NoteException("a checkpoint ends in a newline");
        }
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < 3 || lines.stream().anyMatch(String::isEmpty)) {
            throw new NoteException("a checkpoint has at least three lines, none of them empty");
        }
        byte[] root = StrictBase64.decode(lines.get(2));
        if (root.length != Hash.LENGTH) {
            throw new NoteException("a root hash has 32 bytes, not " + root.length);
        }
        return new Checkpoint(lines.getFirst(), size(lines.get(1)), Hash.of(root), lines.subList(3, lines.size()));
    }

    private static long size(String line) throws NoteException {
        if (!line.matches("0|[1-9][0-9]{0,18}")) {
            throw new NoteException("not a tree size: " + line);
        }
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new NoteException("not a tree size: " + line, e);
        }
    }
}
