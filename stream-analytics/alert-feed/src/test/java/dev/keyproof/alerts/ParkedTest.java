package dev.keyproof.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ParkedTest {
    @Test
    void survivesAsMetadata() {
        Parked parked = new Parked();
        parked.add(12);
        parked.add(5);

        Parked again = Parked.of(parked.metadata());

        assertThat(again.oldest()).contains(5L);
        assertThat(again.offsets()).containsExactlyInAnyOrder(5L, 12L);
        again.remove(5);
        assertThat(again.metadata()).isEqualTo("parked:12");
    }

    @Test
    void nothingParkedIsNothingParked() {
        assertThat(Parked.of(new Parked().metadata()).oldest()).isEmpty();
        assertThat(Parked.of("").oldest()).isEmpty();
    }

    @Test
    void neverOutgrowsWhatKafkaTakes() {
        Parked parked = new Parked();
        long offset = 1_000_000;
        while (parked.add(offset)) {
            offset++;
        }

        assertThat(parked.metadata()).hasSizeLessThanOrEqualTo(Parked.MAX_TEXT);
        assertThat(parked.offsets()).hasSizeGreaterThan(400).doesNotContain(offset);
    }
}
