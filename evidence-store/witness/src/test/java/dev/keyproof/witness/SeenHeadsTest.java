package dev.keyproof.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.note.SignedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness that cannot read what it saw must not take it for nothing: it would cosign any fork. */
final class SeenHeadsTest {
    @TempDir
    Path dir;

    @Test
    void remembersTheLastHeadOfEachLog() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), TestingLog.pair());
                SeenHeads seen = SeenHeads.open(dir.resolve("state"))) {
            // Given
            SignedHead head = log.grow("a", 3);
            assertThat(seen.last(TestingLog.ORIGIN)).isEmpty();

            // When
            seen.remember(head);

            // Then
            assertThat(seen.last(TestingLog.ORIGIN)).contains(head);
            assertThat(seen.last("example.com/other")).isEmpty();
        }
    }

    @Test
    void refusesWhenAFileCannotBeRead() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), TestingLog.pair());
                SeenHeads seen = SeenHeads.open(dir.resolve("state"))) {
            // Given
            seen.remember(log.grow("a", 3));
            Path file = checkpoint();

            // When: a name that leads round in a circle, one that leads nowhere, and a folder in its place
            Files.delete(file);
            Files.createSymbolicLink(file, file);
            refused(seen);
            Files.delete(file);
            Files.createSymbolicLink(file, dir.resolve("nowhere"));
            refused(seen);
            Files.delete(file);
            Files.createDirectory(file);

            // Then
            refused(seen);
        }
    }

    @Test
    void refusesWhenItsFolderIsGone() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), TestingLog.pair());
                SeenHeads seen = SeenHeads.open(dir.resolve("state"))) {
            // Given
            seen.remember(log.grow("a", 3));

            // When: as if another file system were mounted in its place
            Files.move(dir.resolve("state"), dir.resolve("elsewhere"));
            refused(seen);
            Files.createDirectory(dir.resolve("state"));

            // Then
            refused(seen);
        }
    }

    private static void refused(SeenHeads seen) {
        assertThatThrownBy(() -> seen.last(TestingLog.ORIGIN))
                .isInstanceOf(WitnessException.class)
                .hasMessageContaining("cannot be read");
    }

    private Path checkpoint() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("state"))) {
            return files.filter(file -> file.toString().endsWith(".checkpoint"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
