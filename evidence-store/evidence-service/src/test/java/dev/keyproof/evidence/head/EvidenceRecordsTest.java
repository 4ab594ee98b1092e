package dev.keyproof.evidence.head;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.evidence.testing.TestingTsa;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.ArchivedTime;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two authorities, one after the other: the first one's certificate ends a year before the test is run. */
@Tag("server")
final class EvidenceRecordsTest {
    private final Instant begin = Instant.now().minus(730, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    private final Instant change = begin.plus(365, ChronoUnit.DAYS);

    private final TestingClock clock = new TestingClock(begin.plus(1, ChronoUnit.DAYS));
    private final int year = Year.now(clock.withZone(ZoneOffset.UTC)).getValue();

    @TempDir
    Path dir;

    private TestingTsa first;
    private TestingTsa second;
    private YearLogs logs;
    private SignedHead head;
    private TimeStamper stamper;

    @SuppressWarnings("NullAway.Init")
    EvidenceRecordsTest() {}

    @BeforeEach
    void open() throws Exception {
        first = new TestingTsa(TestingAuthority.timeStamper("First time", begin, change), clock);
        second = new TestingTsa(
                TestingAuthority.timeStamper(
                        "Second time",
                        change.minus(60, ChronoUnit.DAYS),
                        Instant.now().plus(90, ChronoUnit.DAYS)),
                clock);
        logs = YearLogs.open(dir.resolve("log"), "test", clock);
        KeyPair key = TestingAuthority.keyPair();
        logs.current().append(List.of("{}".getBytes(UTF_8)), new byte[0]).get();
        head = logs.current().publish(List.of(new TestingNoteSigner(logs.origin(year), key)));
        stamper = stamper(first);
    }

    @AfterEach
    void close() throws Exception {
        stamper.close();
        logs.close();
        first.close();
        second.close();
    }

    @Test
    void aTokenRenewedInTimeIsProvenAfterItsAuthorityHasEnded() throws Exception {
        stamper.stamp(year, head);
        Instant stamped = clock.instant();
        records(first).renewDue(List.of(year));
        clock.pass(Duration.between(clock.instant(), change.minus(10, ChronoUnit.DAYS)));

        assertThat(records(second).renewDue(List.of(year))).isEqualTo(1);
        clock.pass(Duration.ofDays(300));

        EvidenceRecords.Kept kept = records(second).upTo(year, 1).orElseThrow();
        assertThat(kept.time().since()).isEqualTo(stamped);
        assertThat(kept.time().renewed()).isEqualTo(change.minus(10, ChronoUnit.DAYS));
        assertThat(kept.time().tokens()).isEqualTo(2);
        assertThat(kept.time().authority()).isEqualTo("Second time");
        assertThat(records(second).renewDue(List.of(year))).isZero();
    }

    @Test
    void aTokenRenewedTooLateIsNot() throws Exception {
        stamper.stamp(year, head);
        records(first);
        clock.pass(Duration.between(clock.instant(), change.plus(1, ChronoUnit.DAYS)));

        assertThatThrownBy(() -> records(second).renew(year, Optional.empty()))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("token 1")
                .hasMessageContaining("no path at")
                .hasMessageContaining("from First time to a root that is believed");
        assertThat(records(second).upTo(year, 1).orElseThrow().time().tokens()).isEqualTo(1);
    }

    @Test
    void theHashCanBeRenewedAndTheTimeStampAfterIt() throws Exception {
        stamper.stamp(year, head);
        records(first);
        clock.pass(Duration.between(clock.instant(), change.minus(10, ChronoUnit.DAYS)));
        records(second).renew(year, Optional.of(RenewalHash.SHA512));
        clock.pass(Duration.ofDays(20));

        List<EvidenceRecords.Kept> renewed = records(second).renew(year, Optional.empty());

        assertThat(renewed).hasSize(1);
        assertThat(renewed.getFirst().time().tokens()).isEqualTo(3);
        byte[] record = renewed.getFirst().record();
        assertThat(ArchivedTime.verify(record, head.note().bytes(), roots(), "r")
                        .tokens())
                .isEqualTo(3);
        assertThatThrownBy(() -> ArchivedTime.verify(record, "another".getBytes(UTF_8), roots(), "r"))
                .isInstanceOf(BrokenPackException.class);
        assertThatThrownBy(() -> ArchivedTime.verify(
                        record, head.note().bytes(), List.of(second.chain().getLast()), "r"))
                .isInstanceOf(BrokenPackException.class)
                .hasMessageContaining("token 1");
    }

    @Test
    void aFlippedBitInARecordIsFound() throws Exception {
        stamper.stamp(year, head);
        records(first);
        clock.pass(Duration.between(clock.instant(), change.minus(10, ChronoUnit.DAYS)));
        byte[] record = records(second)
                .renew(year, Optional.of(RenewalHash.SHA512))
                .getFirst()
                .record();
        ArchivedTime good = ArchivedTime.verify(record, head.note().bytes(), roots(), "r");

        // What a token's structure does not protect may be altered here; a pack's manifest covers the file as a whole.
        int changed = 0;
        for (int at = 0; at < record.length; at += 7) {
            byte[] bent = record.clone();
            bent[at] ^= 1;
            try {
                ArchivedTime verified = ArchivedTime.verify(bent, head.note().bytes(), roots(), "r");
                changed += verified.equals(good) ? 0 : 1;
            } catch (BrokenPackException found) {
                assertThat(found.fault().file()).isEqualTo("r");
            }
        }
        assertThat(changed).isZero();
    }

    @Test
    void anAuthorityThatDoesNotOutlastTheRecordIsSaidToBeOfNoUse() throws Exception {
        stamper.stamp(year, head);
        clock.pass(Duration.between(clock.instant(), change.minus(10, ChronoUnit.DAYS)));

        assertThatThrownBy(() -> records(first).renewDue(List.of(year)))
                .hasMessageContaining("configure one that outlasts it under tsa");
    }

    private List<X509Certificate> roots() throws EvidenceException {
        return records(second).roots();
    }

    private EvidenceRecords records(TestingTsa tsa) throws EvidenceException {
        return new EvidenceRecords(new TimeAuthority(tsa.url(), tsa.chain()), stamper, dir.resolve("ers"), clock);
    }

    private TimeStamper stamper(TestingTsa tsa) {
        return new TimeStamper(
                new TimeAuthority(tsa.url(), tsa.chain()),
                dir.resolve("time"),
                logs,
                clock,
                Duration.ofSeconds(10),
                TimeStamper.Backoff.usual());
    }
}
