package dev.keyproof.launcher.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CountsTest {
    private static final int NUMBERS = 13;

    @Test
    void agreeWhenEveryStoreCountsTheSame() {
        assertThat(counts(-1, 0).disagreements()).isEmpty();
    }

    static Stream<List<Integer>> eachNumberOffByOne() {
        List<List<Integer>> cases = new ArrayList<>();
        for (int number = 0; number < NUMBERS; number++) {
            cases.add(List.of(number, 1));
            cases.add(List.of(number, -1));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("eachNumberOffByOne")
    void disagreeWhenAnyNumberIsOffByOne(List<Integer> off) {
        assertThat(counts(off.get(0), off.get(1)).disagreements()).isNotEmpty();
    }

    @Test
    void disagreeWhenNothingWasDone() {
        Counts nothing = new Counts(
                0, 0, 0, 0, 0, new Counts.Findings(0, 0, 0), new Counts.Alerts(0, 0, 0), new Counts.Quarantined(0, 0));
        assertThat(nothing.disagreements()).containsExactly("no operation was answered");
    }

    @Test
    void sayWhatIsMissingWhere() {
        assertThat(counts(3, -1).disagreements())
                .containsExactly("operations: 600 answered, but 599 in the sealed log");
    }

    /** Counts that agree, but for the number of that index. */
    private static Counts counts(int index, int by) {
        long[] n = {600, 600, 600, 600, 600, 9, 9, 9, 2, 2, 2, 4, 4};
        if (index >= 0) {
            n[index] += by;
        }
        return new Counts(
                n[0],
                n[1],
                n[2],
                n[3],
                n[4],
                new Counts.Findings(n[5], n[6], n[7]),
                new Counts.Alerts(n[8], n[9], n[10]),
                new Counts.Quarantined(n[11], n[12]));
    }
}
