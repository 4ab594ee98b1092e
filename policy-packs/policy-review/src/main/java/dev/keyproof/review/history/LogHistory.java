package dev.keyproof.review.history;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the logs in a folder sealed, one a year; up to the head signed last of each. Its policies are bundles in another folder. */
public final class LogHistory implements SealedHistory {
    private static final int PAGE = 1024;

    private final List<Path> years;
    private final List<Path> bundles;

    private LogHistory(List<Path> years, List<Path> bundles) {
        this.years = years;
        this.bundles = bundles;
    }

    /**
     * The history in a log's folder, or in the folder of a log for each year.
     *
     * @param bundles files of policy bundles
     * @throws HistoryException if there is no log
     */
    public static LogHistory of(Path folder, List<Path> bundles) throws HistoryException {
        try (Stream<Path> inside = Files.list(folder)) {
            List<Path> years = Files.exists(folder.resolve("checkpoint"))
                    ? List.of(folder)
                    : inside.filter(year -> Files.exists(year.resolve("checkpoint")))
                            .sorted()
                            .toList();
            if (years.isEmpty()) {
                throw new HistoryException(folder + " holds no log");
            }
            return new LogHistory(years, List.copyOf(bundles));
        } catch (IOException e) {
            throw new HistoryException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Long> read(Period period, Sink sink) throws HistoryException {
        DecisionReader decisions = new DecisionReader(period, sink);
        for (Path year : years) {
            try (SealedLogReader log = SealedLogReader.open(year)) {
                long size = log.lastHead().map(SignedHead::size).orElse(0L);
                for (long next = 0; next < size; ) {
                    List<byte[]> page = log.read(next, (int) Math.min(PAGE, size - next));
                    if (page.isEmpty()) {
                        throw new HistoryException(year + " ends at entry " + next + ", before its head of " + size);
                    }
                    // To parse takes longer than to read and to look, and needs no order.
                    for (Told told : page.parallelStream().map(decisions::told).toList()) {
                        decisions.entry(name(year), next++, told);
                    }
                }
            } catch (LogException e) {
                throw new HistoryException(year + ": " + e.getMessage(), e);
            }
        }
        return decisions.without();
    }

    @Override
    public List<String> unproven() {
        List<String> sentences = new ArrayList<>();
        sentences.add("The log was read as it lies in its folder: who signed its heads is proven by a pack alone.");
        for (int i = 1; i < years.size(); i++) {
            if (number(years.get(i)) != number(years.get(i - 1)) + 1) {
                sentences.add("Between " + name(years.get(i - 1)) + " and " + name(years.get(i))
                        + " there are no logs: what they told is not counted.");
            }
        }
        return sentences;
    }

    @Override
    public boolean isWhole() {
        return unproven().size() == 1;
    }

    private static int number(Path year) {
        String name = name(year);
        return name.matches("[0-9]{4}") ? Integer.parseInt(name) : 0;
    }

    private static String name(Path year) {
        return String.valueOf(year.getFileName());
    }

    @Override
    public InclusionProof proof(Place place) throws HistoryException {
        for (Path year : years) {
            if (name(year).equals(place.log())) {
                try {
                    TileFolder tiles = new TileFolder(year);
                    long size = tiles.checkpoint().size();
                    return InclusionProof.of(place.index(), size, new TileHashes(tiles, size));
                } catch (LogException | IllegalArgumentException e) {
                    throw new HistoryException("entry " + place.index() + " of " + year + " cannot be proven", e);
                }
            }
        }
        throw new HistoryException("there is no log " + place.log());
    }

    @Override
    public List<PolicyBundle> policies() throws HistoryException {
        List<PolicyBundle> policies = new ArrayList<>();
        for (Path bundle : bundles) {
            try {
                policies.add(PolicyBundle.read(bundle));
            } catch (PolicyException e) {
                throw new HistoryException(String.valueOf(e.getMessage()), e);
            }
        }
        return policies;
    }
}
