package dev.keyproof.collector.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Outgoing;
import dev.keyproof.collector.source.Source;
import dev.keyproof.collector.source.SourceException;
import dev.keyproof.collector.source.SourceState;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.JournalReader;
import dev.keyproof.log.note.SignedHead;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tails one journal. Each entry leaves as it is; a head leaves once every entry it covers has left. The position is the number
 * of the next entry and the size of the last head, per epoch.
 */
public final class JournalSource implements Source {
    /** What a transaction carries at most beside its last record. */
    private static final int MAX_BATCH_BYTES = 4 << 20;

    private final Path dir;
    private final EventCodec codec;
    private final InstantSource clock;

    private Map<String, ObjectNode> published = Map.of();
    private @Nullable JournalReader reader;
    private long next;
    private long headSize;
    private long quarantined;
    private long disordered;
    private volatile SourceState state;

    /** @param dir the journal's folder; it need not be there yet */
    public JournalSource(Path dir, EventCodec codec, InstantSource clock) {
        this.dir = dir;
        this.codec = codec;
        this.clock = clock;
        this.state = new SourceState(name(), "journal", null, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public String name() {
        return dir.getFileName() == null ? dir.toString() : dir.getFileName().toString();
    }

    @Override
    public void restore(Map<String, ObjectNode> positions) {
        published = Map.copyOf(positions);
        close();
    }

    @Override
    public Batch next(int maxRecords) throws SourceException {
        try {
            JournalReader journal = open();
            return journal == null ? Batch.EMPTY : batch(journal, maxRecords);
        } catch (LogException e) {
            close();
            throw new SourceException("journal " + dir + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void look() throws SourceException {
        try {
            JournalReader journal = open();
            if (journal != null) {
                show(journal, journal.durableSize());
            }
        } catch (LogException e) {
            close();
            throw new SourceException("journal " + dir + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public SourceState state() {
        return state;
    }

    @Override
    public void close() {
        JournalReader journal = reader;
        reader = null;
        if (journal != null) {
            try {
                journal.close();
            } catch (LogException e) {
                // It was read only; nothing is lost with it.
            }
        }
    }

    private @Nullable JournalReader open() throws LogException {
        if (reader == null && JournalReader.exists(dir)) {
            JournalReader journal = JournalReader.open(dir);
            reader = journal;
            ObjectNode position = published.get(positionKey(journal));
            next = position == null ? 0 : position.path("next").asLong();
            headSize = position == null ? 0 : position.path("head").asLong();
            quarantined = position == null ? 0 : position.path("quarantined").asLong();
            disordered = position == null ? 0 : position.path("disordered").asLong();
        }
        return reader;
    }

    private Batch batch(JournalReader journal, int maxRecords) throws LogException {
        // Heads first: whatever they cover is durable by the time that the entries are read.
        List<SignedHead> heads = journal.headsAfter(headSize);
        List<Outgoing> records = new ArrayList<>();
        int bytes = 0;
        while (records.size() < maxRecords && bytes < MAX_BATCH_BYTES) {
            List<byte[]> entries = journal.read(next, Math.min(256, maxRecords - records.size()));
            if (entries.isEmpty()) {
                break;
            }
            for (byte[] entry : entries) {
                records.add(outgoing(journal, entry));
                bytes += entry.length;
                next++;
            }
        }
        for (SignedHead head : heads) {
            if (head.size() <= next) {
                records.add(Outgoing.attestation(journal.source(), head.note().bytes()));
                headSize = head.size();
            }
        }
        show(journal, journal.durableSize());
        if (records.isEmpty()) {
            return Batch.EMPTY;
        }
        ObjectNode position = codec.mapper().createObjectNode();
        position.put("next", next)
                .put("head", headSize)
                .put("quarantined", quarantined)
                .put("disordered", disordered);
        return new Batch(records, Map.of(positionKey(journal), position));
    }

    private Outgoing outgoing(JournalReader journal, byte[] entry) {
        try {
            ObjectNode event = codec.tree(entry);
            JsonNode metadata = event.path("metadata");
            if (metadata.path("sequence").asLong(-1) != next
                    || !event.at("/unmapped/keyproof/epoch").asText().equals(journal.epoch())) {
                // It is kept and sealed as it is; that it is out of order is for the one who checks continuity to
                // judge.
                disordered++;
            }
            JsonNode key = event.path("resources").path(0).path("uid");
            return Outgoing.event(key.isTextual() ? key.textValue() : journal.source(), entry);
        } catch (EventFormatException e) {
            quarantined++;
            String place = journal.source() + "/" + journal.epoch() + "/" + next;
            return Outgoing.quarantined(
                    journal.source(),
                    "journal entry is no event: " + e.getMessage(),
                    place,
                    clock.instant().toString(),
                    entry);
        }
    }

    private void show(JournalReader journal, long durable) {
        state = new SourceState(
                journal.source(),
                "journal",
                journal.epoch(),
                next,
                Math.max(0, durable - next),
                next - quarantined,
                quarantined,
                0,
                disordered);
    }

    private static String positionKey(JournalReader journal) {
        return "journal/" + journal.source() + "/" + journal.epoch();
    }
}
