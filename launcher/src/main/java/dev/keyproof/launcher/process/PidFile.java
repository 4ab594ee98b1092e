package dev.keyproof.launcher.process;

import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that remembers which process a part is. */
public final class PidFile {
    private final Path file;

    public PidFile(Path file) {
        this.file = file;
    }

    /** The process that the file names, if that very process still runs. */
    public Optional<ProcessId> running() {
        try {
            return ProcessId.parse(Files.readString(file)).filter(ProcessId::alive);
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /**
     * Remembers the process.
     *
     * @throws LauncherException if the file cannot be written
     */
    public void write(ProcessId id) throws LauncherException {
        try {
            Secrets.writePrivate(file, id.line());
        } catch (IOException e) {
            throw LauncherException.because("cannot write " + file, e);
        }
    }

    /** Forgets the process. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException kept) {
            // A file that stays names a process that is gone, which running() sees.
        }
    }
}
