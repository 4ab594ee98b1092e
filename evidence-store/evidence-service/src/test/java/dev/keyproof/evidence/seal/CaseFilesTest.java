package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.CaseFile;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.testing.TestingCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CaseFilesTest {
    private final List<byte[]> entries = new ArrayList<>();
    private final CaseFiles files = new CaseFiles();

    @Test
    void ofTwoStepsThatNameTheSameOneTheFirstCounts() {
        seal(Optional.empty(), new CaseStep.Opened());
        seal(Optional.of(0), note("1"));
        seal(Optional.of(0), note("2"));
        seal(Optional.of(1), new CaseStep.Closed());
        seal(Optional.of(3), note("3"));
        seal(Optional.empty(), new CaseStep.Opened());

        assertThat(files.find(TestingCases.ID).orElseThrow().steps())
                .extracting(CaseFile.Sealed::index)
                .containsExactly(0L, 1L, 3L);
        assertThat(files.all()).hasSize(1);
    }

    @Test
    void whatBeginsWithoutAnOpeningIsNoCase() {
        seal(Optional.empty(), note("1"));
        seal(Optional.of(0), new CaseStep.Closed());

        assertThat(files.all()).isEmpty();
    }

    private static CaseStep.Act note(String digit) {
        return new CaseStep.Noted("sha256:" + digit.repeat(64));
    }

    private void seal(Optional<Integer> previous, CaseStep.Act act) {
        TestingCases.step(entries, previous, act);
        files.sealed(new Entry("log/2026", entries.size() - 1, entries.getLast()));
    }
}
