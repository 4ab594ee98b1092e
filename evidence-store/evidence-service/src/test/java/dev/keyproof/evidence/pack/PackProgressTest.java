package dev.keyproof.evidence.pack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PackProgressTest {
    @Test
    void tellsWhatIsDoneAndOfHowMuch() {
        PackProgress progress = new PackProgress();

        assertThat(progress.phase()).isEqualTo(PackProgress.Phase.WAITING);
        assertThat(progress.total()).isEmpty();
        progress.begun("pack");
        progress.total(3);
        progress.entry();
        progress.entry();
        assertThat(progress.phase()).isEqualTo(PackProgress.Phase.READING);
        assertThat(progress.entries()).isEqualTo(2);
        assertThat(progress.total()).hasValue(3);
        progress.read();
        assertThat(progress.phase()).isEqualTo(PackProgress.Phase.PROVING);
    }
}
