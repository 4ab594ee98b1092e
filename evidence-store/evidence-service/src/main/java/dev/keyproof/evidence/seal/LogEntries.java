package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a log from its first entry to its last. */
public final class LogEntries {
    private static final int READ = 512;

    private LogEntries() {}

    /** Takes an entry; says whether the next is wanted. */
    @FunctionalInterface
    interface EachEntry {
        boolean take(long index, byte[] entry, JsonNode json) throws EvidenceException;
    }

    /** Takes an artifact's name. */
    @FunctionalInterface
    public interface Artifact {
        void take(String name) throws EvidenceException;
    }

    @FunctionalInterface
    private interface Source {
        List<byte[]> read(long from, int most) throws LogException;
    }

    /** All entries of a log, as long as they are wanted. */
    static void each(SealedLog log, EachEntry each) throws EvidenceException {
        try {
            each(log::read, log.size(), each);
        } catch (LogException | IOException e) {
            throw new EvidenceException("the log " + log.origin() + " cannot be read back: " + e.getMessage(), e);
        }
    }

    private static void each(Source source, long size, EachEntry each)
            throws LogException, IOException, EvidenceException {
        ObjectMapper mapper = new ObjectMapper();
        for (long next = 0; next < size; ) {
            List<byte[]> entries = source.read(next, READ);
            if (entries.isEmpty()) {
                throw new EvidenceException("the log ends at " + next + ", before its size");
            }
            for (byte[] entry : entries) {
                if (!each.take(next, entry, mapper.readTree(entry))) {
                    return;
                }
                next++;
            }
        }
    }

    /** Whether an entry of a log is such. */
    public static boolean any(SealedLog log, Predicate<JsonNode> wanted) throws EvidenceException {
        boolean[] found = {false};
        each(log, (index, entry, json) -> {
            found[0] = wanted.test(json);
            return !found[0];
        });
        return found[0];
    }

    /** Names of the artifacts that the log in a folder sets aside, and of the notes of its cases. */
    public static void artifacts(Path folder, Artifact each) throws LogException, EvidenceException {
        try (SealedLogReader log = SealedLogReader.open(folder)) {
            each(log::read, log.durableSize(), (index, entry, json) -> {
                if (json.path("keyproof").asText().equals(Entries.QUARANTINE)) {
                    each.take(json.path("artifact").asText());
                }
                Optional<CaseStep> step = CaseStep.of(new Entry("", index, entry));
                if (step.isPresent() && step.get().act() instanceof CaseStep.Noted noted) {
                    each.take(noted.artifact());
                }
                return true;
            });
        } catch (IOException e) {
            throw new EvidenceException("the log in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
