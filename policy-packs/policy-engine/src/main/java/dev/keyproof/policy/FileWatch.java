package dev.keyproof.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells when a file is another than it was. Used by one thread at a time. */
public final class FileWatch {
    private final Path file;
    private String seen = "never";

    /** It has not looked yet. */
    public FileWatch(Path file) {
        this.file = file;
    }

    /** Whether the file is another than at the last call, in place, or gone; true at the first. */
    public boolean changed() {
        String now = stamp();
        boolean changed = !now.equals(seen);
        seen = now;
        return changed;
    }

    /** What was seen does not count: the next call says that the file changed. */
    public void forget() {
        seen = "never";
    }

    private String stamp() {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return is.lastModifiedTime() + " " + is.size() + " " + is.fileKey();
        } catch (IOException e) {
            return "not there";
        }
    }
}
