package dev.keyproof.evidence.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One log for each year of sealing (UTC). All that are there stay open, so that each can be published to its end. Thread-safe. */
public final class YearLogs implements AutoCloseable {
    /** Smaller than the library's own: this process has little memory and is seldom fast. */
    private static final LogOptions OPTIONS = new LogOptions(8 << 20, LogOptions.BATCH_BYTES);

    private static final String DROPPED = ".dropped";

    private final Path folder;
    private final String name;
    private final LogOptions options;
    private final Clock clock;
    private final ConcurrentSkipListMap<Integer, SealedLog> logs = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Integer, byte[]> marks = new ConcurrentSkipListMap<>();

    private YearLogs(Path folder, String name, LogOptions options, Clock clock) {
        this.folder = folder;
        this.name = name;
        this.options = options;
        this.clock = clock;
    }

    /** Opens the logs under {@code folder}, and this year's if it is not there. */
    public static YearLogs open(Path folder, String name, Clock clock) throws EvidenceException {
        return open(folder, name, false, clock);
    }

    /**
     * As {@link #open(Path, String, Clock)}.
     *
     * @param immutable true to make sealed segments immutable where that is permitted
     */
    public static YearLogs open(Path folder, String name, boolean immutable, Clock clock) throws EvidenceException {
        YearLogs all = new YearLogs(folder, name, OPTIONS.withImmutable(immutable), clock);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> years = Files.list(folder)) {
                for (Path file : years.sorted(Comparator.reverseOrder()).toList()) {
                    all.open(file);
                }
            }
            all.current();
            return all;
        } catch (IOException e) {
            all.close();
            throw new EvidenceException("the folder " + folder + " cannot be used: " + e.getMessage(), e);
        } catch (EvidenceException e) {
            all.close();
            throw e;
        }
    }

    /** Marks come before the folders whose name begins alike, so that what is dropped is not opened. */
    private void open(Path file) throws EvidenceException, IOException {
        String name = String.valueOf(file.getFileName());
        if (name.matches("[0-9]{4}\\" + DROPPED)) {
            marks.put(Integer.parseInt(name.substring(0, 4)), Files.readAllBytes(file));
        } else if (name.matches("[0-9]{4}") && Files.isDirectory(file) && !marks.containsKey(Integer.parseInt(name))) {
            of(Integer.parseInt(name));
        }
    }

    /** Name of the file that marks a year as dropped. */
    public static String mark(int year) {
        return year + DROPPED;
    }

    /** Which years are marked as dropped, each with the entry that says so. */
    public SortedMap<Integer, byte[]> marks() {
        return Collections.unmodifiableSortedMap(marks);
    }

    /** From the next start on the log of this year is not opened. */
    public void mark(int year, byte[] entry) throws EvidenceException {
        try {
            DurableFiles.write(folder.resolve(mark(year)), entry);
            marks.put(year, entry.clone());
        } catch (IOException e) {
            throw new EvidenceException("the log of " + year + " cannot be marked as dropped: " + e.getMessage(), e);
        }
    }

    /** Deletes the log of a year that is marked. */
    public void drop(int year) throws EvidenceException {
        if (!marks.containsKey(year)) {
            throw new IllegalStateException(year + " is not marked as dropped");
        }
        try {
            SealedLog log = logs.remove(year);
            if (log != null) {
                log.close();
            }
            if (Files.exists(folder(year))) {
                if (options.immutable()) {
                    SealedLog.release(folder(year));
                }
                DurableFiles.deleteTree(folder(year));
                DurableFiles.sync(folder);
            }
        } catch (LogException | IOException e) {
            throw new EvidenceException("the log of " + year + " was not wholly deleted: " + e.getMessage(), e);
        }
    }

    /** The log of this year. A year that has ended stays so, even if the clock is set back. */
    public SealedLog current() throws EvidenceException {
        return of(year());
    }

    /** The year of sealing. */
    public int year() {
        int now = Year.now(clock.withZone(ZoneOffset.UTC)).getValue();
        return logs.isEmpty() ? now : Math.max(now, logs.lastKey());
    }

    /** The log of a year, made if it is not there. */
    public SealedLog of(int year) throws EvidenceException {
        SealedLog log = logs.get(year);
        if (log != null) {
            return log;
        }
        synchronized (this) {
            log = logs.get(year);
            if (log == null) {
                try {
                    log = SealedLog.open(folder(year), origin(year), options);
                } catch (LogException e) {
                    throw new EvidenceException(
                            "the log in " + folder(year) + " cannot be opened: " + e.getMessage(), e);
                }
                logs.put(year, log);
            }
            return log;
        }
    }

    /** By year, oldest first. */
    public Map<Integer, SealedLog> all() {
        return logs;
    }

    /** The last log before a year's, or null. */
    public Map.@Nullable Entry<Integer, SealedLog> before(int year) {
        return logs.lowerEntry(year);
    }

    /** Where a year's log lies. */
    public Path folder(int year) {
        return folder.resolve(Integer.toString(year));
    }

    /** First line of the checkpoints of a year's log. */
    public String origin(int year) {
        return "keyproof/log/" + name + "/" + year;
    }

    /** The positions that the last commit of any year holds. */
    public byte[] positions() {
        for (SealedLog log : List.copyOf(logs.descendingMap().values())) {
            byte[] positions = log.positions();
            if (positions.length > 0) {
                return positions;
            }
        }
        return new byte[0];
    }

    @Override
    public void close() throws EvidenceException {
        EvidenceException failed = null;
        for (SealedLog log : logs.values()) {
            try {
                log.close();
            } catch (LogException e) {
                failed = new EvidenceException("a log did not close: " + e.getMessage(), e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
