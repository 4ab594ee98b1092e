package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Heads of each log that are kept beside it, so that whoever is given a part of the log is given a head from before it: the first, one
 * an interval, and each that a pack was made over. Thread-safe.
 */
public final class KeptHeads {
    /** What begins between two of them is proven from the earlier one on; some thousand small files a year. */
    private static final Duration INTERVAL = Duration.ofHours(1);

    private static final Pattern NAME = Pattern.compile("([0-9]+)-([0-9]+)(-pack)?\\.checkpoint");

    private final Path folder;
    private final Clock clock;
    private final Map<Integer, Instant> last = new ConcurrentHashMap<>();

    /** They lie in {@code folder/YEAR}, named by size and by the second in which they were kept. */
    public KeptHeads(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * A head that is kept.
     *
     * @param time when that was, rounded down to a second
     * @param fresh whether it was kept as soon as it was published, so that its size says how much was sealed by then
     */
    public record Kept(long size, Instant time, boolean fresh, Path file) {
        /** The bytes of its checkpoint. */
        public byte[] checkpoint() throws EvidenceException {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new EvidenceException("the head " + file + " cannot be read: " + e.getMessage(), e);
            }
        }

        public SignedHead head() throws EvidenceException {
            try {
                return SignedHead.parse(Files.readString(file));
            } catch (IOException | NoteException e) {
                throw new EvidenceException("the head " + file + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    /** Keeps a head that was just published, if the interval is over. */
    void published(int year, SignedHead head) throws EvidenceException {
        Instant before = last.get(year);
        if (before == null) {
            before = all(year).stream()
                    .filter(Kept::fresh)
                    .map(Kept::time)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.MIN);
            last.put(year, before);
        }
        if (before.equals(Instant.MIN) || !clock.instant().isBefore(before.plus(INTERVAL))) {
            keep(year, head, true);
        }
    }

    /** Keeps a head that was published some time ago, if none of its size is kept. */
    public void keep(int year, SignedHead head) throws EvidenceException {
        keep(year, head, false);
    }

    private synchronized void keep(int year, SignedHead head, boolean fresh) throws EvidenceException {
        if (all(year).stream().noneMatch(kept -> kept.size == head.size() && (kept.fresh || !fresh))) {
            Instant now = clock.instant();
            Path file = year(year)
                    .resolve(head.size() + "-" + now.getEpochSecond() + (fresh ? "" : "-pack") + ".checkpoint");
            try {
                DurableFiles.write(file, head.note().bytes());
            } catch (IOException e) {
                throw new EvidenceException("the head " + file + " cannot be kept: " + e.getMessage(), e);
            }
            if (fresh) {
                last.put(year, now);
            }
        }
    }

    /** All heads kept of a year, the smallest first. */
    public List<Kept> all(int year) throws EvidenceException {
        Path own = year(year);
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    kept.add(new Kept(
                            Long.parseLong(name.group(1)),
                            Instant.ofEpochSecond(Long.parseLong(name.group(2))),
                            name.group(3) == null,
                            file));
                }
            }
        } catch (IOException e) {
            throw new EvidenceException("the heads in " + own + " cannot be listed: " + e.getMessage(), e);
        }
        kept.sort(Comparator.comparingLong(Kept::size));
        return kept;
    }

    private Path year(int year) {
        return folder.resolve(Integer.toString(year));
    }
}
