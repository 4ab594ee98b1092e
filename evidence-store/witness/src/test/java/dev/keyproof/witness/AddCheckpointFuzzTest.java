package dev.keyproof.witness;

import dev.keyproof.log.fuzz.Parser;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AddCheckpointFuzzTest {
    private final Parser parser =
            new Parser(AddCheckpointFuzz.class, AddCheckpointFuzz.samples(), AddCheckpointFuzz::fuzzerTestOneInput);

    @Test
    void takesWhatWasAlteredOrSaysThatItIsMalformed() {
        parser.meetAlteredSamples();
    }

    @Test
    @Tag("deep")
    void isExploredByJazzer(@TempDir Path dir) throws Exception {
        parser.meetJazzer(dir);
    }
}
