package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCrashDrillTest {
    @TempDir
    Path dir;

    private Ledger ledger;
    private LedgerCheck check;
    private DrillKey key;

    @BeforeEach
    void nothingWasHeard() throws Exception {
        ledger = new Ledger();
        check = new LedgerCheck(ledger);
        key = DrillKey.make(dir, DrillWriter.ORIGIN);
    }

    @Test
    @Tag("server")
    void killedUnderLoadTheLogLosesAndDoublesNothing() throws Exception {
        drill(10);
    }

    @Test
    @Tag("deep")
    void killedAThousandTimesTheLogLosesAndDoublesNothing() throws Exception {
        drill(1000);
    }

    private void drill(int times) throws Exception {
        List<Integer> progress = new ArrayList<>();
        Path scratch = Files.createDirectory(dir.resolve("scratch"));
        DrillReport report = new LogCrashDrill(scratch, 6962).run(times, progress::add);
        assertThat(report.lost()).isEmpty();
        assertThat(report.doubled()).isEmpty();
        assertThat(report.unAncestored()).isEmpty();
        assertThat(report.others()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.kills()).isEqualTo(times);
        assertThat(report.heads()).isPositive();
        assertThat(progress).hasSize(times);
        assertThat(scratch).isEmptyDirectory();
    }

    private SealedLog open() throws Exception {
        return SealedLog.open(dir.resolve("log"), DrillWriter.ORIGIN, LogOptions.DEFAULTS);
    }

    private void append(SealedLog log, String id, List<byte[]> entries) throws Exception {
        EntryRange range = log.append(entries, id.getBytes(UTF_8)).get();
        ledger.hear(Ledger.acknowledged(range, id));
    }

    @Test
    void whatIsThereAsItWasSaidIsNoFault() throws Exception {
        try (SealedLog log = open()) {
            append(log, "a", DrillEntry.append("a", 3, 10));
            ledger.hear(Ledger.released(log.publish(List.of(key))));
            check.run(log);
            append(log, "b", DrillEntry.append("b", 1, 0));
            check.run(log);
        }
        assertThat(check.faults()).isEmpty();
        assertThat(check.size()).isEqualTo(4);
    }

    @Test
    void noticesWhatWasLost() throws Exception {
        try (SealedLog log = open()) {
            append(log, "a", DrillEntry.append("a", 3, 10));
            ledger.hear("ack 3 4 b .");
            check.run(log);
        }
        assertThat(check.lost()).singleElement().asString().contains("append b").contains("entry 3");
        assertThat(check.faults()).hasSize(1);
    }

    @Test
    void noticesWhatIsNotWholeOrElsewhere() throws Exception {
        try (SealedLog log = open()) {
            append(log, "a", DrillEntry.append("a", 3, 10).subList(0, 2));
            append(log, "b", DrillEntry.append("b", 2, 10));
            ledger.hear("ack 2 4 other .");
            check.run(log);
        }
        assertThat(check.lost())
                .anyMatch(fault -> fault.contains("append a at entry 0 is not whole"))
                .anyMatch(fault -> fault.contains("append other was acknowledged as 2 to 4"));
    }

    @Test
    void noticesWhatIsDoubled() throws Exception {
        try (SealedLog log = open()) {
            append(log, "a", DrillEntry.append("a", 3, 10));
            append(log, "a", DrillEntry.append("a", 3, 10));
            check.run(log);
        }
        assertThat(check.doubled())
                .singleElement()
                .asString()
                .contains("append a")
                .contains("entry 3");
    }

    @Test
    void noticesAHeadThatIsNoAncestor() throws Exception {
        try (SealedLog log = open()) {
            append(log, "a", DrillEntry.append("a", 3, 10));
            SignedHead head = log.publish(List.of(key));
            ledger.hear(Ledger.released(head).replace("head 3", "head 2"));
            ledger.hear(Ledger.released(head).replace("head 3", "head 9"));
            check.run(log);
        }
        assertThat(check.unAncestored())
                .anyMatch(fault -> fault.contains("over 2"))
                .anyMatch(fault -> fault.contains("over 9"));
    }

    @Test
    void doesNotHearALineThatWasCutShort() {
        assertThat(ledger.hear("ack 0 12 a-1")).isFalse();
        assertThat(ledger.hear("head 12 00ff")).isFalse();
        assertThat(ledger.hear("ack 0 12 a-1 .")).isTrue();
    }
}
