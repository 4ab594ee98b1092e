package dev.keyproof.broker.approval;

import dev.keyproof.broker.approval.Approval.Given;
import dev.keyproof.broker.database.Database;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The approvals' rows. */
@Repository
public class ApprovalStore {
    private static final String COLUMNS =
            "id, statement, operation, key_id, change, parameters, requester, quorum, created, expires, used_by";
    private static final int LISTED = 200;

    private final JdbcClient jdbc;

    public ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Approval approval) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO approval (" + COLUMNS + ") VALUES (?,?,?,?,?,?::jsonb,?,?,?,?,NULL)")
                .params(
                        approval.id(),
                        approval.statement(),
                        approval.operation(),
                        approval.key(),
                        approval.change(),
                        approval.parameters(),
                        approval.requester(),
                        approval.quorum(),
                        Timestamp.from(approval.created()),
                        Timestamp.from(approval.expires()))
                .update());
    }

    Optional<Approval> find(String id) throws ProblemException {
        return asking(() -> {
            List<Given> signatures = jdbc.sql("SELECT approver, thumbprint, jws, given FROM approval_signature"
                            + " WHERE approval = ? ORDER BY given, approver")
                    .param(id)
                    .query((row, n) -> given(row))
                    .list();
            return jdbc.sql("SELECT " + COLUMNS + " FROM approval WHERE id = ?")
                    .param(id)
                    .query((row, n) -> approval(row, signatures))
                    .optional();
        });
    }

    /** The latest requests, newest first, without their signatures' text. */
    List<Approval> latest() throws ProblemException {
        return asking(() -> {
            Map<String, List<Given>> signatures = jdbc
                    .sql(
                            "SELECT s.approval, s.approver, s.thumbprint, s.given FROM approval_signature s WHERE s.approval IN"
                                    + " (SELECT id FROM approval ORDER BY id DESC LIMIT ?) ORDER BY s.given, s.approver")
                    .param(LISTED)
                    .query((row, n) -> Map.entry(
                            row.getString(1),
                            new Given(
                                    row.getString(2),
                                    row.getString(3),
                                    "",
                                    row.getTimestamp(4).toInstant())))
                    .list()
                    .stream()
                    .collect(Collectors.groupingBy(
                            Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
            return jdbc.sql("SELECT " + COLUMNS + " FROM approval ORDER BY id DESC LIMIT ?")
                    .param(LISTED)
                    .query((row, n) -> approval(row, signatures.getOrDefault(row.getString("id"), List.of())))
                    .list();
        });
    }

    /** Keeps a signature; a second one of the same approver is {@link Problem#CONFLICT}. */
    void sign(String approval, Given given) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO approval_signature (approval, approver, thumbprint, jws, given)"
                        + " VALUES (?,?,?,?,?)")
                .params(approval, given.approver(), given.thumbprint(), given.jws(), Timestamp.from(given.given()))
                .update());
    }

    /** Uses an approval up, once; part of the transaction of the effect that it approves. */
    void use(String approval, Intent intent) throws ProblemException {
        int used = asking(() -> jdbc.sql("UPDATE approval SET used_by = ? WHERE id = ? AND used_by IS NULL")
                .params(intent.uid(), approval)
                .update());
        if (used != 1) {
            throw new ProblemException(Problem.APPROVAL_USED, "the approval was used before");
        }
    }

    /** Uses an approval up unless it was; part of the transaction of an effect that had begun before it could be. */
    public void useIfFree(String approval, Intent intent) throws ProblemException {
        asking(() -> jdbc.sql("UPDATE approval SET used_by = ? WHERE id = ? AND used_by IS NULL")
                .params(intent.uid(), approval)
                .update());
    }

    /** Enrolled approvers with their keys' thumbprints. */
    public Map<String, String> enrolled() {
        return jdbc
                .sql("SELECT id, thumbprint FROM approver")
                .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Notes enrolments that are on the record, all or none.
     *
     * @param positions where each stands, in the same order
     */
    public void enrol(List<Approver> approvers, List<String> positions, Instant now) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < approvers.size(); i++) {
            Approver approver = approvers.get(i);
            values.addAll(List.of(approver.id(), approver.thumbprint(), positions.get(i), Timestamp.from(now)));
        }
        jdbc.sql("INSERT INTO approver (id, thumbprint, position, enrolled) VALUES "
                        + String.join(",", Collections.nCopies(approvers.size(), "(?,?,?,?)")))
                .params(values)
                .update();
    }

    private static Given given(ResultSet row) throws SQLException {
        return new Given(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getTimestamp(4).toInstant());
    }

    private static Approval approval(ResultSet row, List<Given> signatures) throws SQLException {
        return new Approval(
                row.getString("id"),
                row.getString("statement"),
                row.getString("operation"),
                row.getString("key_id"),
                row.getString("change"),
                row.getString("parameters"),
                row.getString("requester"),
                row.getInt("quorum"),
                row.getTimestamp("created").toInstant(),
                row.getTimestamp("expires").toInstant(),
                row.getString("used_by"),
                signatures);
    }

    private static <T> T asking(Supplier<T> work) throws ProblemException {
        return Database.asking(() -> {
            try {
                return work.get();
            } catch (DuplicateKeyException e) {
                throw new ProblemException(Problem.CONFLICT, "this approver has signed before", e);
            }
        });
    }
}
