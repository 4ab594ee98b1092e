package dev.keyproof.evidence.head;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which generation signs what, and up to where one does alone. */
final class LogSignersTest {
    private final LogSigners signers = new LogSigners();

    @Test
    void aGenerationSignsAloneUpToTheEntryThatHandsOver() {
        // Given
        signers.handedOver(2026, 10, 2);
        signers.handedOver(2026, 25, 3);

        // Then: the head over the entry itself is the next one's too
        assertThat(signers.until(2026, 1)).hasValue(10);
        assertThat(signers.generations(2026, 9, 10)).containsExactly(1);
        assertThat(signers.generations(2026, 9, 11)).containsExactly(1, 2);
        assertThat(signers.until(2026, 2)).hasValue(25);
        assertThat(signers.until(2026, 3)).isEmpty();
    }

    @Test
    void whatHandsOverInALaterYearDoesNotEndInAnEarlierLog() {
        signers.handedOver(2026, 10, 2);

        assertThat(signers.until(2025, 1)).isEmpty();
        assertThat(signers.until(2027, 2)).isEmpty();
    }
}
