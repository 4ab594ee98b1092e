package dev.keyproof.broker.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Window window = new Window(Duration.ofHours(1), 0);

    @Test
    void whatIsOlderThanTheWindowCountsNoMore() {
        window.count(false, 0);
        window.count(true, 30 * MINUTE);
        window.count(true, 59 * MINUTE);

        assertThat(window.counted(59 * MINUTE)).isEqualTo(new Window.Counted(2, 3));
        assertThat(window.counted(60 * MINUTE)).isEqualTo(new Window.Counted(2, 2));
        assertThat(window.counted(500 * MINUTE)).isEqualTo(new Window.Counted(0, 0));

        window.count(false, 90 * MINUTE);
        assertThat(window.counted(90 * MINUTE)).isEqualTo(new Window.Counted(1, 2));
    }

    @Test
    void theBudgetIsWhatMayStillGoWrong() {
        Objective half = objective(new Window.Counted(975, 1000));
        Objective overdrawn = objective(new Window.Counted(900, 1000));
        Objective none = objective(new Window.Counted(0, 0));

        assertThat(half.met()).isTrue();
        assertThat(half.budgetLeft()).isCloseTo(0.5, within(1e-9));
        assertThat(overdrawn.met()).isFalse();
        assertThat(overdrawn.budgetLeft()).isCloseTo(-1, within(1e-9));
        assertThat(none.measured()).isNull();
        assertThat(none.met()).isNull();
    }

    private static Objective objective(Window.Counted counted) {
        return Objective.of("sign", "answered in time", 0.95, 60, "broker", null, counted);
    }
}
