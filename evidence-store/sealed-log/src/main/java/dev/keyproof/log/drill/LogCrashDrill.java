package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Kills a process that writes a log, at moments that a seed decides, and after each kill recovers the log and holds it against what the
 * process had said. When and where the kill meets it is the machine's business, so a seed repeats the plan, not the outcome.
 */
public final class LogCrashDrill {
    /** Longest that a process runs once it has acknowledged something. */
    private static final int WRITES_MILLIS = 300;
    /** One kill in so many comes sooner: while the log is recovered, or before. */
    private static final int EARLY = 5;

    private static final int EARLY_MILLIS = 700;
    /** A log as large as this is checked as a whole and makes room for a new one. */
    private static final long MOST_ENTRIES = 1_000_000;

    private static final int CHECKED_AS_A_WHOLE = 100;

    private final Path scratch;
    private final Random random;

    private Path folder;
    private DrillKey key;
    private Ledger ledger = new Ledger();
    private LedgerCheck check = new LedgerCheck(ledger);

    private int kills;
    private long appends;
    private long entries;
    private long heads;
    private final List<String> lost = new ArrayList<>();
    private final List<String> doubled = new ArrayList<>();
    private final List<String> unAncestored = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    /**
     * A drill in a folder of its own.
     *
     * @param scratch empty; the log that a fault was found in stays there
     * @param seed of the moments and of what is written
     */
    public LogCrashDrill(Path scratch, long seed) throws IOException, GeneralSecurityException {
        this.scratch = scratch;
        this.random = new Random(seed);
        this.folder = fresh(0);
        this.key = DrillKey.make(folder, DrillWriter.ORIGIN);
    }

    private Path fresh(int number) throws IOException {
        return Files.createDirectory(scratch.resolve("log-" + number));
    }

    /**
     * Runs it; ends early with the first fault.
     *
     * @param progress told the number of kills after which all was sound
     */
    public DrillReport run(int times, IntConsumer progress)
            throws IOException, GeneralSecurityException, InterruptedException {
        while (kills < times && sound()) {
            writeUntilKilled("run" + kills);
            kills++;
            recover(kills == times || kills % CHECKED_AS_A_WHOLE == 0);
            if (check.size() > MOST_ENTRIES && kills < times) {
                renew();
            }
            if (sound()) {
                progress.accept(kills);
            }
        }
        renewCounts();
        if (sound()) {
            delete(folder);
        }
        return new DrillReport(kills, appends, entries, heads, lost, doubled, unAncestored, others);
    }

    private boolean sound() {
        return lost.isEmpty() && doubled.isEmpty() && unAncestored.isEmpty() && others.isEmpty();
    }

    private void writeUntilKilled(String run) throws IOException, InterruptedException {
        boolean early = random.nextInt(EARLY) == 0;
        long millis = random.nextInt(early ? EARLY_MILLIS : WRITES_MILLIS);
        Path errors = folder.resolve("errors");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DrillWriter.class.getName(),
                        folder.toString(),
                        run,
                        Long.toString(random.nextLong()))
                .redirectError(errors.toFile())
                .start();
        Thread killer = null;
        try (BufferedReader out = writer.inputReader(UTF_8)) {
            if (early) {
                killer = killAfter(writer, millis);
            }
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (ledger.hear(line) && killer == null) {
                    killer = killAfter(writer, millis);
                }
            }
        } finally {
            writer.toHandle().destroyForcibly();
            writer.waitFor();
        }
        if (killer == null) {
            others.add(run + ": the writer ended by itself: "
                    + Files.readString(errors).strip());
        } else {
            killer.join();
        }
    }

    /** By its handle: the process itself would close what the writer still had to say. */
    private static Thread killAfter(Process writer, long millis) {
        return Thread.ofVirtual().start(() -> {
            try {
                if (!writer.waitFor(millis, TimeUnit.MILLISECONDS)) {
                    writer.toHandle().destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                writer.toHandle().destroyForcibly();
            }
        });
    }

    private void recover(boolean whole) {
        Path dir = folder.resolve("log");
        try {
            try (SealedLog log = SealedLog.open(dir, DrillWriter.ORIGIN, LogOptions.DEFAULTS)) {
                check.run(log);
                log.publish(List.of(key));
            }
            if (whole) {
                FsckReport report = SealedLog.fsck(dir, List.of(key.verifier()));
                others.addAll(report.faults());
            }
        } catch (LogException e) {
            others.add("after kill " + kills + " the log in " + dir + " was not recovered: " + e.getMessage());
        }
        lost.addAll(check.lost());
        doubled.addAll(check.doubled());
        unAncestored.addAll(check.unAncestored());
        others.addAll(check.others());
    }

    private void renew() throws IOException, GeneralSecurityException {
        recover(true);
        if (sound()) {
            renewCounts();
            delete(folder);
            ledger = new Ledger();
            check = new LedgerCheck(ledger);
            folder = fresh(kills);
            key = DrillKey.make(folder, DrillWriter.ORIGIN);
        }
    }

    private void renewCounts() {
        appends += ledger.appends();
        heads += ledger.headsHeard();
        entries += check.size();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
