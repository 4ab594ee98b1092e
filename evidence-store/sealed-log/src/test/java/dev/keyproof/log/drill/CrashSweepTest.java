package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.drill.Scenario.Template;
import dev.keyproof.log.drill.Strace.Point;
import dev.keyproof.log.drill.Strace.Run;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash, or a failure, at each system call that changes a log's folder. */
class CrashSweepTest {
    private static final int KILLED = 137;
    /** What a full disk may refuse. */
    private static final List<String> GROWING = List.of("pwrite64", "write", "openat", "mkdir", "mkdirat");

    private static final String KILL = "SIGKILL";
    /** One point in so many may be missed: which thread of the log makes a call differs from run to run. */
    private static final int MISSED = 20;

    @TempDir
    Path dir;

    /** One run: a kill or an error at one call. */
    private record Fault(Point point, String what) {}

    @ParameterizedTest
    @EnumSource(Scenario.class)
    @Tag("server")
    void survivesASampleOfFaults(Scenario scenario) throws Exception {
        // Different calls, the first of its kind on a file each; the deep test does them all.
        List<Fault> faults = faults(points(scenario), 1);
        Collections.shuffle(faults, new Random(6962));
        Map<String, Fault> sample = new LinkedHashMap<>();
        for (Fault fault : faults) {
            sample.putIfAbsent(fault.point().call() + " " + fault.what(), fault);
        }
        sweep(scenario, sample.values().stream().limit(5).toList());
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    @Tag("deep")
    void survivesAFaultAtEachCall(Scenario scenario) throws Exception {
        sweep(scenario, faults(points(scenario), Integer.MAX_VALUE));
    }

    private List<Point> points(Scenario scenario) throws Exception {
        Path clean = dir.resolve("clean");
        Template.of(scenario, clean);
        List<Point> points = new Strace(scenario.mode()).points(clean);
        assertThat(points).hasSizeGreaterThan(5);
        return points;
    }

    private static List<Fault> faults(List<Point> points, int most) {
        List<Fault> faults = new ArrayList<>();
        for (Point point : points) {
            if (point.nth() <= most) {
                faults.add(new Fault(point, KILL));
                faults.add(new Fault(point, "EIO"));
                if (GROWING.contains(point.call())) {
                    faults.add(new Fault(point, "ENOSPC"));
                }
            }
        }
        return faults;
    }

    private void sweep(Scenario scenario, List<Fault> faults) throws Exception {
        Template template = Template.of(scenario, dir.resolve("template"));
        List<String> wrong = new ArrayList<>();
        int missed = 0;
        for (int i = 0; i < faults.size(); i++) {
            Path folder = dir.resolve("run-" + i);
            Fault fault = faults.get(i);
            Run run = run(scenario, template.copy(folder), fault);
            missed += run.exit() == 0 && fault.what().equals(KILL) ? 1 : 0;
            for (String fact : facts(template, folder, fault, run)) {
                wrong.add(scenario + " " + fault + ": " + fact);
            }
            delete(folder);
        }
        System.out.println(scenario + ": " + faults.size() + " faults, " + missed + " of them missed");
        assertThat(wrong).isEmpty();
        assertThat(missed).isLessThanOrEqualTo(faults.size() / MISSED);
    }

    private static Run run(Scenario scenario, Path folder, Fault fault) throws Exception {
        Strace strace = new Strace(scenario.mode());
        return fault.what().equals(KILL)
                ? strace.killed(folder, fault.point())
                : strace.failed(folder, fault.point(), fault.what());
    }

    private static List<String> facts(Template template, Path folder, Fault fault, Run run) throws IOException {
        List<String> wrong = new ArrayList<>(
                run.lines().stream().filter(line -> line.startsWith("fault")).toList());
        if (run.exit() != 0 && !(fault.what().equals(KILL) && run.exit() == KILLED)) {
            wrong.add("ended with " + run.exit() + ": " + Files.readString(folder.resolve("stderr")));
        }
        Ledger ledger = new Ledger();
        template.said().forEach(ledger::hear);
        run.lines().forEach(ledger::hear);
        wrong.addAll(recovered(folder.resolve("log"), template.key(), ledger));
        return wrong;
    }

    private static List<String> recovered(Path log, DrillKey key, Ledger ledger) {
        List<String> wrong = new ArrayList<>();
        LedgerCheck check = new LedgerCheck(ledger);
        try {
            try (SealedLog open = SealedLog.open(log, SweptWriter.ORIGIN, SweptWriter.OPTIONS)) {
                check.run(open);
                open.append(DrillEntry.append("after", 2, 9), "after".getBytes(UTF_8))
                        .join();
                open.publish(List.of(key));
            }
            FsckReport report = SealedLog.fsck(log, List.of(key.verifier()));
            wrong.addAll(report.faults());
            if (report.size() != check.size() + 2 || report.signedSize() != report.size()) {
                wrong.add("not all is sealed: " + report);
            }
        } catch (LogException e) {
            wrong.add("not recovered: " + e);
        }
        wrong.addAll(check.faults());
        return wrong;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
