package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is told apart from what it was. */
final class FileWatchTest {
    @TempDir
    private Path dir;

    @Test
    void eachChangeIsToldOnce() throws Exception {
        Path file = dir.resolve("bundle");
        FileWatch watch = new FileWatch(file);
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();

        Files.writeString(file, "one");
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();

        // Another of the same size and time is another.
        Path other = Files.writeString(dir.resolve("other"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(watch.changed()).isTrue();

        Files.delete(file);
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
        watch.forget();
        assertThat(watch.changed()).isTrue();
    }
}
