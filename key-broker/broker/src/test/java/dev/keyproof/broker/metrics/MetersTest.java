package dev.keyproof.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final int CALLS = 200_000;

    private int answered;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry, (operation, success, failed, nanos) -> answered++);

    @Test
    void aCallCostsAtMostTwoMicrosecondsMore() {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                // All that is measured of a call: its decision, its append, itself.
                meters.decision().accept(20_000 + i % 1000);
                meters.append().accept(200_000 + i % 1000);
                meters.succeeded("Encrypt", 1_000_000 + i % 1000);
            }
            best = Math.min(best, (double) (System.nanoTime() - began) / CALLS);
        }

        System.out.printf("the meters of a call: %.0f ns%n", best);
        assertThat(best).isLessThan(2_000);
        assertThat(answered).isEqualTo(10 * CALLS);
    }

    @Test
    void reasonsWithoutEndAreCountedAsOthers() {
        for (int i = 0; i < 1000; i++) {
            meters.failed("Sign", ProblemException.denied(List.of("reason-" + i)), 1);
        }
        meters.failed("Sign", new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer"), 1);

        assertThat(registry.find("keyproof.refusals").counters()).hasSizeLessThan(210);
        assertThat(registry.get("keyproof.refusals")
                        .tags("error.type", "denied", "reason", "others")
                        .counter()
                        .count())
                .isEqualTo(800);
        assertThat(registry.get("keyproof.operation.duration")
                        .tag("outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("keyproof.operation.duration")
                        .tag("outcome", "refused")
                        .timer()
                        .count())
                .isEqualTo(1000);
    }
}
