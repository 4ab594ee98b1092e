package dev.keyproof.evidence.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PackProgressTest {
    @Test
    void reportsHowManyEntriesWentInEverySoOften() {
        List<Long> reported = new ArrayList<>();
        PackProgress progress = new PackProgress(100, reported::add);

        for (int i = 0; i < 250; i++) {
            progress.entry();
        }

        assertThat(reported).containsExactly(100L, 200L);
    }
}
