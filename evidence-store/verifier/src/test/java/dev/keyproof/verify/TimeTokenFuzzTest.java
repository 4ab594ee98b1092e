package dev.keyproof.verify;

import dev.keyproof.log.fuzz.Parser;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimeTokenFuzzTest {
    private final Parser parser =
            new Parser(TimeTokenFuzz.class, TimeTokenFuzz.samples(), TimeTokenFuzz::fuzzerTestOneInput);

    @Test
    void takesWhatWasAlteredOrRefusesIt() {
        parser.meetAlteredSamples();
    }

    @Test
    @Tag("deep")
    void isExploredByJazzer(@TempDir Path dir) throws Exception {
        parser.meetJazzer(dir);
    }
}
