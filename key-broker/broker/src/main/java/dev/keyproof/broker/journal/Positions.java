package dev.keyproof.broker.journal;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How far the database reflects this broker's journal. */
@Repository
public class Positions {
    private final JdbcClient jdbc;

    public Positions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What the database knows of a journal.
     *
     * @param intentSequence the last intent whose effect the database holds, -1 for none
     * @param settled every intent before this sequence has its outcome
     */
    public record Known(String epoch, long intentSequence, long settled) {}

    public Optional<Known> find(String source) {
        return jdbc.sql("SELECT epoch, intent_sequence, settled FROM journal_position WHERE source = ?")
                .param(source)
                .query((row, n) -> new Known(row.getString(1), row.getLong(2), row.getLong(3)))
                .optional();
    }

    public void begin(String source, String epoch) {
        jdbc.sql("INSERT INTO journal_position (source, epoch, intent_sequence, settled) VALUES (?, ?, -1, 0)")
                .params(source, epoch)
                .update();
    }

    /** Notes that every intent before {@code sequence} has its outcome in the journal. */
    public void settle(String source, long sequence) {
        jdbc.sql("UPDATE journal_position SET settled = greatest(settled, ?) WHERE source = ?")
                .params(sequence, source)
                .update();
        jdbc.sql("DELETE FROM effect WHERE source = ? AND sequence < ?")
                .params(source, sequence)
                .update();
    }

    /** Whether the effect of an intent is in the database. */
    public boolean hasEffect(String intent) {
        return jdbc.sql("SELECT count(*) FROM effect WHERE intent = ? AND NOT refused")
                        .param(intent)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /**
     * Settles for ever whether an intent has its effect: waits for a transaction that may still bring it, and where there is
     * none notes that none may come.
     *
     * @return whether the effect is in the database
     */
    public boolean settledWithEffect(String intent, String source, long sequence) {
        jdbc.sql("INSERT INTO effect (intent, source, sequence, refused) VALUES (?, ?, ?, true)"
                        + " ON CONFLICT (intent) DO NOTHING")
                .params(intent, source, sequence)
                .update();
        return hasEffect(intent);
    }
}
