package dev.keyproof.evidence.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.evidence.retention.Schedule.State;
import dev.keyproof.verify.LegalHold;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.PolicyBundle.Kept;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ends when. */
final class ScheduleTest {
    private static final PolicyBundle.Retention RETENTION = new PolicyBundle.Retention(
            30, Map.of("operation", new Kept(72, 3), "finding", new Kept(12, 24), "entry", new Kept(1, 0)));

    @Test
    void aYearIsKeptForItsLongestClassFromItsEnd() {
        Schedule schedule = at("2027-06-01T00:00:00Z", List.of());

        assertThat(schedule.years()).extracting(Schedule.Year::year).containsExactly(2020, 2021, 2027);
        Schedule.Year first = schedule.years().getFirst();
        assertThat(first.ends()).isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(first.atHandUntil()).isEqualTo(Instant.parse("2023-01-01T00:00:00Z"));
        assertThat(schedule.years())
                .extracting(Schedule.Year::state)
                .containsExactly(State.ENDED, State.KEPT, State.OPEN);
    }

    @Test
    void aHoldKeepsWhatItCoversAndNothingElse() {
        List<LegalHold> holds = List.of(hold("b", 2020, 2020), hold("a", 2019, 2021), hold("c", 2022, 9999));
        Schedule schedule = at("2027-06-01T00:00:00Z", holds);

        assertThat(schedule.years().getFirst().heldBy()).containsExactly("a", "b");
        assertThat(schedule.years().getFirst().state()).isEqualTo(State.HELD);
        assertThat(schedule.years().get(1).heldBy()).containsExactly("a");
        assertThat(schedule.years().get(1).state()).isEqualTo(State.KEPT);
        assertThat(schedule.years().get(2).heldBy()).containsExactly("c");
    }

    @Test
    void theLastMomentIsKeptAndTheNextIsNot() {
        assertThat(at("2026-12-31T23:59:59.999Z", List.of()).years().getFirst().state())
                .isEqualTo(State.KEPT);
        assertThat(at("2027-01-01T00:00:00Z", List.of()).years().getFirst().state())
                .isEqualTo(State.ENDED);
    }

    @Test
    void anEndIsNearFromThePolicysDaysOn() {
        Schedule.Year year = at("2026-01-01T00:00:00Z", List.of()).years().getFirst();

        assertThat(year.isNear(Instant.parse("2026-12-01T23:59:59Z"), 30)).isFalse();
        assertThat(year.isNear(Instant.parse("2026-12-02T00:00:00Z"), 30)).isTrue();
        // What still grows ends no time soon, whatever the clock says.
        assertThat(at("2026-01-01T00:00:00Z", List.of()).years().getLast().isNear(Instant.MAX, 30))
                .isFalse();
    }

    @Test
    void ofSeveralPoliciesTheLongestCounts() {
        PolicyBundle.Retention both = RETENTION.and(
                new PolicyBundle.Retention(60, Map.of("operation", new Kept(12, 6), "more", new Kept(84, 1))));

        assertThat(both.noticeDays()).isEqualTo(60);
        assertThat(both.classes().get("operation")).isEqualTo(new Kept(72, 6));
        assertThat(both.months()).isEqualTo(84);
    }

    @Test
    void aPolicyWithoutClassesOrWithOneThatEndsAtOnceSaysNothing() throws IOException {
        for (String data : List.of(
                "{}",
                "{\"noticeDays\":30,\"classes\":{}}",
                "{\"noticeDays\":0,\"classes\":{\"entry\":{\"months\":1,\"atHandMonths\":0}}}",
                "{\"noticeDays\":30,\"classes\":{\"entry\":{\"months\":0,\"atHandMonths\":0}}}")) {
            byte[] bundle = TestingPack.policy("{\"keyproof\":{\"parameters\":{\"retention\":" + data + "}}}");

            assertThat(PolicyBundle.read(bundle).retention()).as(data).isEmpty();
        }
    }

    private static Schedule at(String now, List<LegalHold> holds) {
        return Schedule.of(RETENTION, List.of(2027, 2021, 2020), 2027, holds, Instant.parse(now));
    }

    private static LegalHold hold(String name, int from, int to) {
        return new LegalHold(name, from, to, "", "log/2020", 0, true);
    }
}
