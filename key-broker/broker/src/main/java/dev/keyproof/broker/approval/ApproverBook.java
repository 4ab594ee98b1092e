package dev.keyproof.broker.approval;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of the book of approvers. None is believed for being there: {@link Enrolled} says which are. */
@Repository
public class ApproverBook {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    public ApproverBook(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    List<BookEntry> entries() throws ProblemException {
        return asking(() -> jdbc.sql(
                        "SELECT number, operation, document, evidence, source, epoch, sequence FROM approver_entry ORDER BY number")
                .query((row, n) -> new BookEntry(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7)))
                .list());
    }

    /** Whether nobody was ever enrolled. */
    public boolean isEmpty() throws ProblemException {
        return entries().isEmpty();
    }

    /** Keys that were enrolled before there was a book, by approver. */
    public Map<String, String> thumbprints() throws ProblemException {
        return asking(() -> jdbc
                .sql("SELECT id, thumbprint FROM approver")
                .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Begins with these entries, all or none; {@link Problem#CONFLICT} where another broker has begun. */
    public void begin(List<BookEntry> first) throws ProblemException {
        asking(() -> transaction.execute(status -> {
            for (BookEntry entry : first) {
                insert(entry);
            }
            return first;
        }));
    }

    /**
     * Adds an entry, in the transaction of its effect.
     *
     * @throws ProblemException {@link Problem#CONFLICT} if another came in between
     */
    public void append(BookEntry entry) throws ProblemException {
        asking(() -> {
            try {
                insert(entry);
                return entry;
            } catch (DuplicateKeyException e) {
                throw new ProblemException(Problem.CONFLICT, "the approvers changed meanwhile; ask again", e);
            }
        });
    }

    private void insert(BookEntry entry) {
        jdbc.sql("INSERT INTO approver_entry (number, operation, document, evidence, source, epoch, sequence)"
                        + " VALUES (?,?,?,?,?,?,?)")
                .params(Arrays.asList(
                        entry.number(),
                        entry.operation(),
                        entry.document(),
                        entry.evidence(),
                        entry.source(),
                        entry.epoch(),
                        entry.sequence()))
                .update();
    }
}
