package dev.keyproof.evidence.head;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.evidence.testing.TestingTsa;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.TimeToken;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class TimeStamperTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final TimeStamper.Backoff BACKOFF =
            new TimeStamper.Backoff(Duration.ofSeconds(4), Duration.ofSeconds(20));

    /** Within the authority's validity, and at the beginning of an interval. */
    private final TestingClock clock = new TestingClock(
            Instant.ofEpochSecond(Instant.now().truncatedTo(ChronoUnit.MINUTES).getEpochSecond()));

    private final int year = Year.now(clock.withZone(ZoneOffset.UTC)).getValue();

    @TempDir
    Path dir;

    private KeyPair key;
    private TestingTsa tsa;
    private YearLogs logs;
    private SealedLog log;
    private TimeStamper stamper;

    @SuppressWarnings("NullAway.Init")
    TimeStamperTest() {}

    @BeforeEach
    void open() throws Exception {
        key = TestingAuthority.keyPair();
        tsa = new TestingTsa(TestingAuthority.timeStamper("Test time"), clock);
        logs = YearLogs.open(dir.resolve("log"), "test", clock);
        log = logs.current();
        stamper = stamper();
    }

    @AfterEach
    void close() throws Exception {
        stamper.close();
        logs.close();
        tsa.close();
    }

    @Test
    void oneTokenAnIntervalWhileThereIsSomethingNew() throws Exception {
        seal(3);
        stamper.tick();
        seal(2);
        clock.pass(Duration.ofSeconds(5));
        stamper.tick();

        assertThat(tsa.asked()).isEqualTo(1);
        assertThat(stamper.at(year, 3)).isPresent();

        clock.pass(Duration.ofSeconds(5));
        stamper.tick();
        clock.pass(INTERVAL);
        stamper.tick();

        assertThat(tsa.asked()).isEqualTo(2);
        assertThat(stamper.at(year, 5)).isPresent();
        assertThat(stamper.state().queued()).isZero();
        assertThat(stamper.state().last())
                .hasValueSatisfying(last -> assertThat(last.size()).isEqualTo(5));
    }

    @Test
    void anOutageCostsNoIntervalItsToken() throws Exception {
        tsa.down();
        Instant began = clock.instant();
        for (int interval = 0; interval < 30; interval++) {
            seal(1);
            stamper.tick();
            clock.pass(INTERVAL);
        }

        TimeStamper.State away = stamper.state();
        assertThat(away.queued()).isEqualTo(30);
        assertThat(away.oldest()).contains(began);
        assertThat(away.last()).isEmpty();
        assertThat(away.trouble()).contains("does not answer");

        tsa.up();
        clock.pass(BACKOFF.longest());
        stamper.tick();

        TimeStamper.State back = stamper.state();
        assertThat(back.queued()).isZero();
        assertThat(back.oldest()).isEmpty();
        assertThat(back.trouble()).isEmpty();
        for (int size = 1; size <= 30; size++) {
            TimeStamper.Stamped stamped = stamper.at(year, size).orElseThrow();
            assertThat(TimeToken.verify(stamped.request(), stamped.answer(), stamped.checkpoint(), tsa.chain(), "t")
                            .time())
                    .isEqualTo(clock.instant());
        }
    }

    @Test
    void whatWaitsIsAskedForAtGrowingDistances() throws Exception {
        TestingTsa counting = tsa;
        tsa.down();
        seal(1);
        stamper.tick();
        tsa.up();
        clock.pass(Duration.ofSeconds(3));
        stamper.tick();

        assertThat(counting.asked()).isZero();

        clock.pass(Duration.ofSeconds(1));
        stamper.tick();

        assertThat(counting.asked()).isEqualTo(1);
        assertThat(stamper.state().queued()).isZero();
    }

    @Test
    void theQueueSurvivesARestart() throws Exception {
        tsa.down();
        seal(1);
        stamper.tick();
        clock.pass(INTERVAL);
        seal(1);
        stamper.tick();
        stamper.close();
        tsa.up();
        stamper = stamper();

        assertThat(stamper.state().queued()).isEqualTo(2);
        stamper.tick();

        assertThat(stamper.state().queued()).isZero();
        assertThat(stamper.at(year, 1)).isPresent();
        assertThat(stamper.at(year, 2)).isPresent();
        assertThat(tsa.asked()).isEqualTo(2);
    }

    @Test
    void aHeadStampedBeforeItsQueueFileWentIsNotAskedForAgain() throws Exception {
        seal(1);
        stamper.tick();
        Path left = dir.resolve("time/pending/" + year + "-1-" + clock.instant().getEpochSecond() + ".pending");
        Files.copy(dir.resolve("time/" + year + "/1.checkpoint"), left);
        stamper.close();
        stamper = stamper();
        stamper.tick();

        assertThat(tsa.asked()).isEqualTo(1);
        assertThat(left).doesNotExist();
    }

    @Test
    void itRunsByItself() throws Exception {
        seal(1);
        stamper.start();

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> stamper.at(year, 1).isPresent());
        assertThat(stamper.latest(year).orElseThrow().head().size()).isEqualTo(1);
    }

    private TimeStamper stamper() {
        return new TimeStamper(
                new TimeAuthority(tsa.url(), tsa.chain()), dir.resolve("time"), logs, clock, INTERVAL, BACKOFF);
    }

    private void seal(int entries) throws Exception {
        for (int i = 0; i < entries; i++) {
            log.append(List.of(("{\"n\":" + log.size() + "}").getBytes(UTF_8)), new byte[0])
                    .get();
        }
        log.publish(List.of(new TestingNoteSigner(logs.origin(year), key)));
    }
}
