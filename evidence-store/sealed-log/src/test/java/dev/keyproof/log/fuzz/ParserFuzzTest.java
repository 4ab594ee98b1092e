package dev.keyproof.log.fuzz;

import dev.keyproof.log.note.CheckpointFuzz;
import dev.keyproof.log.note.SignedNoteFuzz;
import dev.keyproof.log.note.VerifierKeyFuzz;
import dev.keyproof.log.store.CommitSlotFuzz;
import dev.keyproof.log.store.HeadFileFuzz;
import dev.keyproof.log.tile.EntryBundleFuzz;
import dev.keyproof.log.tile.TilePathFuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parser meets bytes that nobody wrote. Normally valid samples, altered by a fixed seed, and whatever was found once
 * ({@code fuzz/PARSER/} in the resources); in the deep run Jazzer, which looks for new paths through the code.
 */
class ParserFuzzTest {
    @TempDir
    Path dir;

    static Stream<Parser> parsers() {
        return Stream.of(
                new Parser(EntryBundleFuzz.class, EntryBundleFuzz.samples(), EntryBundleFuzz::fuzzerTestOneInput),
                new Parser(TilePathFuzz.class, TilePathFuzz.samples(), TilePathFuzz::fuzzerTestOneInput),
                new Parser(SignedNoteFuzz.class, SignedNoteFuzz.samples(), SignedNoteFuzz::fuzzerTestOneInput),
                new Parser(CheckpointFuzz.class, CheckpointFuzz.samples(), CheckpointFuzz::fuzzerTestOneInput),
                new Parser(VerifierKeyFuzz.class, VerifierKeyFuzz.samples(), VerifierKeyFuzz::fuzzerTestOneInput),
                new Parser(CommitSlotFuzz.class, CommitSlotFuzz.samples(), CommitSlotFuzz::fuzzerTestOneInput),
                new Parser(HeadFileFuzz.class, HeadFileFuzz.samples(), HeadFileFuzz::fuzzerTestOneInput));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void takesWhatWasAlteredOrSaysThatItIsMalformed(Parser parser) {
        parser.meetAlteredSamples();
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void staysMendedWhereItFailedOnce(Parser parser) throws Exception {
        Path found = Path.of("src/test/resources/fuzz", parser.toString());
        if (Files.isDirectory(found)) {
            try (Stream<Path> inputs = Files.list(found)) {
                for (Path input : inputs.toList()) {
                    parser.target().accept(Files.readAllBytes(input));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("parsers")
    @Tag("deep")
    void isExploredByJazzer(Parser parser) throws Exception {
        parser.meetJazzer(dir);
    }
}
