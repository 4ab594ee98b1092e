package dev.keyproof.witness;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a log submits (C2SP tlog-witness, add-checkpoint): {@code old SIZE}, the lines of a consistency proof, an empty line, the
 * checkpoint.
 *
 * @param old size of the head that the log believes the witness saw last
 * @param proof hashes that lead from there to the new head
 * @param head the new head as the log signed it
 */
record AddCheckpoint(long old, List<Hash> proof, SignedHead head) {
    private static final int LARGEST_PROOF = 63;

    AddCheckpoint {
        proof = List.copyOf(proof);
    }

    /**
     * Reads a request; strict.
     *
     * @throws NoteException saying what is wrong
     */
    static AddCheckpoint parse(byte[] body) throws NoteException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NoteException("not UTF-8", e);
        }
        int blank = text.indexOf("\n\n");
        if (blank < 0) {
            throw new NoteException("no empty line before the checkpoint");
        }
        List<String> lines = List.of(text.substring(0, blank).split("\n", -1));
        if (lines.size() > 1 + LARGEST_PROOF) {
            throw new NoteException("more than " + LARGEST_PROOF + " lines of proof");
        }
        List<Hash> proof = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            proof.add(hash(line));
        }
        SignedNote note = SignedNote.parse(text.substring(blank + 2));
        return new AddCheckpoint(size(lines.getFirst()), proof, new SignedHead(Checkpoint.parse(note.text()), note));
    }

    private static long size(String line) throws NoteException {
        if (!line.matches("old (0|[1-9][0-9]{0,18})")) {
            throw new NoteException("the first line is not 'old' and a size");
        }
        try {
            return Long.parseLong(line.substring("old ".length()));
        } catch (NumberFormatException e) {
            throw new NoteException("the old size is too large", e);
        }
    }

    private static Hash hash(String line) throws NoteException {
        try {
            byte[] bytes = Base64.getDecoder().decode(line);
            if (bytes.length == Hash.LENGTH
                    && Base64.getEncoder().encodeToString(bytes).equals(line)) {
                return Hash.of(bytes);
            }
        } catch (IllegalArgumentException e) {
            throw new NoteException("a line of proof is not base64", e);
        }
        throw new NoteException("a line of proof is not one hash in base64");
    }
}
