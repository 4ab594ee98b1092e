package dev.keyproof.evidence.seal;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The verifier keys of journals, from files of one key a line. A file may come after us, so all are read again when a key is
 * missing. Used by the sealing thread alone.
 */
final class JournalKeys {
    private final List<Path> files;
    private List<NoteVerifier> keys = List.of();

    JournalKeys(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** The keys of a source's journal; empty if none is known yet. */
    List<NoteVerifier> of(String source) {
        List<NoteVerifier> found = named(source);
        if (found.isEmpty()) {
            read();
            found = named(source);
        }
        return found;
    }

    private List<NoteVerifier> named(String source) {
        String name = "keyproof/journal/" + source;
        return keys.stream()
                .filter(key -> key.name().equals(name) || key.name().startsWith(name + "/"))
                .toList();
    }

    private void read() {
        List<NoteVerifier> read = new ArrayList<>();
        for (Path file : files) {
            try {
                for (String line : Files.readAllLines(file)) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        read.add(NoteVerifier.parse(line.strip()));
                    }
                }
            } catch (IOException | NoteException e) {
                // Not there yet, or half written: the next look decides, and without a key nothing is attested.
            }
        }
        keys = List.copyOf(read);
    }
}
