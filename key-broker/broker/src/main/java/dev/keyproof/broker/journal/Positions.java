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
     * @param witnessed the record that last bore witness of the database's state
     */
    public record Known(String epoch, long intentSequence, long settled, long witnessed) {}

    public Optional<Known> find(String source) {
        return jdbc.sql("SELECT epoch, intent_sequence, settled, witnessed FROM journal_position WHERE source = ?")
                .param(source)
                .query((row, n) -> new Known(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .optional();
    }

    public void begin(String source, String epoch) {
        jdbc.sql("INSERT INTO journal_position (source, epoch, intent_sequence, settled) VALUES (?, ?, -1, 0)")
                .params(source, epoch)
                .update();
    }

    /**
     * Notes that every intent before {@code sequence} has its outcome in the journal, if the database is one that holds the state
     * which this broker has seen: an older one must not be told, for it lacks what it would be told of.
     *
     * @return whether it was noted
     */
    public boolean settle(String source, long sequence, long revision, String mark) {
        int noted = jdbc.sql("UPDATE journal_position SET settled = greatest(settled, ?) WHERE source = ?"
                        + " AND EXISTS (SELECT FROM state_mark WHERE revision = ? AND mark::text = ?)")
                .params(sequence, source, revision, mark)
                .update();
        if (noted == 0) {
            return false;
        }
        jdbc.sql("DELETE FROM effect WHERE source = ? AND sequence < ?")
                .params(source, sequence)
                .update();
        return true;
    }

    /** Notes which record bears witness of the database's state. */
    public void witness(String source, long sequence) {
        jdbc.sql("UPDATE journal_position SET witnessed = greatest(witnessed, ?) WHERE source = ?")
                .params(sequence, source)
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
