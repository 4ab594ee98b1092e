package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is in the folder before a {@link SweptWriter} runs, and what it does there. */
enum Scenario {
    /** A log is made, written, sealed and closed. */
    MAKE("write") {
        @Override
        void prepare(Path folder, DrillKey key, List<String> said) {}
    },
    /** Entries and tiles cross into the next segment. */
    GROW("write") {
        @Override
        void prepare(Path folder, DrillKey key, List<String> said) throws Exception {
            fill(folder, key, said, "before-", 21, 3120);
        }
    },
    /** What a crash may leave: bytes without a commit, a torn slot, a segment too many, derived files missing. */
    RECOVER("recover") {
        @Override
        void prepare(Path folder, DrillKey key, List<String> said) throws Exception {
            fill(folder, key, said, "before-", 3, 100);
            Path log = folder.resolve("log");
            Files.write(
                    log.resolve("store/segments/0000000000000000"), new byte[] {0, 9, 1, 2}, StandardOpenOption.APPEND);
            Files.write(log.resolve("store/segments/0000000000065536"), new byte[100]);
            try (FileChannel commits = FileChannel.open(log.resolve("store/commits"), StandardOpenOption.WRITE)) {
                commits.write(ByteBuffer.wrap(new byte[] {'K', 'P', 'C', 'O'}), 5L * 4096);
            }
            Files.delete(log.resolve("checkpoint"));
            Files.delete(log.resolve("tile/0/000"));
            try (SealedLog open = SealedLog.open(log, SweptWriter.ORIGIN, LogOptions.DEFAULTS)) {
                append(open, said, "unsealed", 50);
            }
            Files.delete(log.resolve("checkpoint"));
            Files.delete(log.resolve("tile/0/000"));
            Files.write(
                    log.resolve("store/segments/0000000000000000"), new byte[] {0, 9, 1, 2}, StandardOpenOption.APPEND);
            Files.write(log.resolve("store/segments/0000000000065536"), new byte[100]);
        }
    },
    /** All derived files are made anew. */
    REBUILD("rebuild") {
        @Override
        void prepare(Path folder, DrillKey key, List<String> said) throws Exception {
            fill(folder, key, said, "before-", 3, 200);
        }
    };

    private final String mode;

    Scenario(String mode) {
        this.mode = mode;
    }

    String mode() {
        return mode;
    }

    /** Fills {@code folder/log}, and adds the lines that a writer would have said. */
    abstract void prepare(Path folder, DrillKey key, List<String> said) throws Exception;

    private static void fill(Path folder, DrillKey key, List<String> said, String id, int appends, int entries)
            throws Exception {
        try (SealedLog log = SealedLog.open(folder.resolve("log"), SweptWriter.ORIGIN, LogOptions.DEFAULTS)) {
            for (int i = 0; i < appends; i++) {
                append(log, said, id + i, entries);
            }
            SignedHead head = log.publish(List.of(key));
            said.add(Ledger.released(head));
        }
    }

    private static void append(SealedLog log, List<String> said, String id, int entries) throws Exception {
        EntryRange range = log.append(DrillEntry.append(id, entries, 5), id.getBytes(UTF_8))
                .get();
        said.add(Ledger.acknowledged(range, id));
    }

    /** A folder as prepared, of which runs take copies. */
    record Template(Path folder, DrillKey key, List<String> said) {
        static Template of(Scenario scenario, Path folder) throws Exception {
            Files.createDirectories(folder);
            List<String> said = new ArrayList<>();
            DrillKey key = DrillKey.make(folder, SweptWriter.ORIGIN);
            scenario.prepare(folder, key, said);
            return new Template(folder, key, said);
        }

        Path copy(Path target) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                files.forEach(file -> {
                    try {
                        Files.copy(file, target.resolve(folder.relativize(file)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
            return target;
        }
    }
}
