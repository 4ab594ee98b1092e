package dev.keyproof.broker.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.approval.Approval.Given;
import dev.keyproof.broker.database.Database;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The approvals' rows. */
@Repository
public class ApprovalStore {
    private static final String COLUMNS =
            "id, statement, operation, key_id, change, parameters, requester, quorum, role, created, expires, withdrawals, enrolment, used_by";
    private static final int LISTED = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    public ApprovalStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    void insert(Approval approval) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO approval (" + COLUMNS + ") VALUES (?,?,?,?,?,?::jsonb,?,?,?,?,?,0,?,NULL)")
                .params(Arrays.asList(
                        approval.id(),
                        approval.statement(),
                        approval.operation(),
                        approval.key(),
                        approval.change(),
                        approval.parameters(),
                        approval.requester(),
                        approval.quorum(),
                        approval.role(),
                        Timestamp.from(approval.created()),
                        Timestamp.from(approval.expires()),
                        approval.enrolment()))
                .update());
    }

    /** The number of withdrawals is read before the signatures: one that is taken back in between is then met by {@link #use}. */
    Optional<Approval> find(String id) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT " + COLUMNS + " FROM approval WHERE id = ?")
                .param(id)
                .query((row, n) -> approval(row, List.of()))
                .optional()
                .map(approval -> approval.signedBy(
                        jdbc.sql("SELECT approver, thumbprint, jws, assertion, given, withdrawn FROM approval_signature"
                                        + " WHERE approval = ? ORDER BY given, approver")
                                .param(id)
                                .query((row, n) -> given(row))
                                .list())));
    }

    /** The latest requests, newest first, without their signatures' text. */
    List<Approval> latest() throws ProblemException {
        return asking(() -> {
            Map<String, List<Given>> signatures = jdbc
                    .sql(
                            "SELECT s.approval, s.approver, s.thumbprint, s.given, s.withdrawn FROM approval_signature s WHERE s.approval IN"
                                    + " (SELECT id FROM approval ORDER BY id DESC LIMIT ?) ORDER BY s.given, s.approver")
                    .param(LISTED)
                    .query((row, n) -> Map.entry(
                            row.getString(1),
                            new Given(
                                    row.getString(2),
                                    row.getString(3),
                                    null,
                                    row.getTimestamp(4).toInstant(),
                                    instant(row, "withdrawn"))))
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

    /** The requests of somebody for an operation that may still be used, by key. */
    Map<String, Approvals.Open> open(String requester, String operation, Instant now) throws ProblemException {
        return asking(() -> jdbc
                .sql(
                        "SELECT a.key_id, a.id, a.quorum <= (SELECT count(*) FROM approval_signature s WHERE s.approval = a.id"
                                + " AND s.withdrawn IS NULL) FROM approval a WHERE a.requester = ? AND a.operation = ?"
                                + " AND a.used_by IS NULL AND NOT a.ended AND a.expires > ?")
                .params(requester, operation, Timestamp.from(now))
                .query((row, n) -> Map.entry(row.getString(1), new Approvals.Open(row.getString(2), row.getBoolean(3))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one)));
    }

    /** Requests whose time is over, that nobody used, and whose end is not on the record. */
    List<String> ended(Instant now) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT id FROM approval WHERE NOT ended AND used_by IS NULL AND expires <= ?"
                        + " ORDER BY expires LIMIT ?")
                .params(Timestamp.from(now), LISTED)
                .query(String.class)
                .list());
    }

    /** Requests that wait for being used. */
    List<String> open(Instant now) throws ProblemException {
        return asking(() -> jdbc.sql(
                        "SELECT id FROM approval WHERE NOT ended AND used_by IS NULL AND expires > ? ORDER BY expires")
                .param(Timestamp.from(now))
                .query(String.class)
                .list());
    }

    /** Notes that the end is on the record. */
    void end(String approval) throws ProblemException {
        asking(() -> jdbc.sql("UPDATE approval SET ended = true WHERE id = ?")
                .param(approval)
                .update());
    }

    /**
     * Keeps a signature. A second one of the same approver is {@link Problem#CONFLICT}; a passkey's counter that does not go on is
     * {@link Problem#APPROVAL_INVALID}, for then there are two of it.
     */
    void sign(String approval, Given given, long counter) throws ProblemException {
        String jws = given.signed() instanceof Signed.Jws one ? one.compact() : null;
        String assertion = given.signed() instanceof Signed.Assertion one ? text(one) : null;
        boolean counted = asking(() -> Boolean.TRUE.equals(transaction.execute(status -> {
            if (assertion != null
                    && jdbc.sql("INSERT INTO approver (id, thumbprint, position, enrolled, sign_count)"
                                            + " VALUES (:approver, :thumbprint, '', :given, :counter)"
                                            + " ON CONFLICT (id) DO UPDATE SET thumbprint = :thumbprint, sign_count = :counter"
                                            + " WHERE approver.thumbprint <> :thumbprint OR approver.sign_count < :counter"
                                            + " OR (approver.sign_count = 0 AND :counter = 0)")
                                    .param("counter", counter)
                                    .param("approver", given.approver())
                                    .param("thumbprint", given.thumbprint())
                                    .param("given", Timestamp.from(given.given()))
                                    .update()
                            != 1) {
                return false;
            }
            jdbc.sql("INSERT INTO approval_signature (approval, approver, thumbprint, jws, assertion, given)"
                            + " VALUES (?,?,?,?,?::jsonb,?)")
                    .params(Arrays.asList(
                            approval,
                            given.approver(),
                            given.thumbprint(),
                            jws,
                            assertion,
                            Timestamp.from(given.given())))
                    .update();
            return true;
        })));
        if (!counted) {
            throw new ProblemException(
                    Problem.APPROVAL_INVALID, "the passkey's counter went back: there may be a copy of it");
        }
    }

    /** Takes a signature back, for good. */
    void withdraw(String approval, String approver, Instant now) throws ProblemException {
        boolean free = asking(() -> Boolean.TRUE.equals(transaction.execute(status -> {
            // The row of the request first: whoever uses it up waits for this lock, and then sees the number changed.
            int open = jdbc.sql("UPDATE approval SET withdrawals = withdrawals + 1 WHERE id = ? AND used_by IS NULL")
                    .param(approval)
                    .update();
            return open == 1
                    && jdbc.sql("UPDATE approval_signature SET withdrawn = ? WHERE approval = ? AND approver = ?"
                                            + " AND withdrawn IS NULL")
                                    .params(Timestamp.from(now), approval, approver)
                                    .update()
                            == 1;
        })));
        if (!free) {
            throw new ProblemException(Problem.CONFLICT, "the approval was used or withdrawn meanwhile");
        }
    }

    /**
     * Uses an approval up, once; part of the transaction of the effect that it approves.
     *
     * @param evidence of it; nothing of what it stood on may have changed since
     */
    void use(Evidence evidence, Instant now, Intent intent) throws ProblemException {
        int used = asking(() -> jdbc.sql("UPDATE approval SET used_by = ? WHERE id = ? AND used_by IS NULL"
                        + " AND withdrawals = ? AND NOT ended AND expires > ?"
                        + " AND (SELECT count(*) FROM approver_entry) = ?")
                .params(intent.uid(), evidence.id(), evidence.withdrawals(), Timestamp.from(now), evidence.entries())
                .update());
        if (used != 1) {
            throw new ProblemException(
                    Problem.APPROVAL_USED,
                    "the approval was used, withdrawn or has expired meanwhile, or the approvers changed");
        }
    }

    /** Uses an approval up unless it was; part of the transaction of an effect that had begun before it could be. */
    public void useIfFree(String approval, Intent intent) throws ProblemException {
        asking(() -> jdbc.sql("UPDATE approval SET used_by = ? WHERE id = ? AND used_by IS NULL")
                .params(intent.uid(), approval)
                .update());
    }

    private static Given given(ResultSet row) throws SQLException {
        String jws = row.getString("jws");
        return new Given(
                row.getString("approver"),
                row.getString("thumbprint"),
                jws == null ? assertion(row.getString("assertion")) : new Signed.Jws(jws),
                row.getTimestamp("given").toInstant(),
                instant(row, "withdrawn"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static Signed assertion(String json) {
        try {
            return JSON.readValue(json, Signed.Assertion.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kept assertion is no JSON", e);
        }
    }

    private static String text(Signed.Assertion assertion) {
        try {
            return JSON.writeValueAsString(assertion);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an assertion is texts", e);
        }
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
                row.getString("role"),
                row.getTimestamp("created").toInstant(),
                row.getTimestamp("expires").toInstant(),
                row.getInt("withdrawals"),
                row.getString("enrolment"),
                row.getString("used_by"),
                signatures);
    }

    private static <T> T asking(Supplier<T> work) throws ProblemException {
        return Database.asking(() -> {
            try {
                return work.get();
            } catch (DuplicateKeyException e) {
                throw new ProblemException(
                        Problem.CONFLICT, "this approver has signed before, or this was asked for before", e);
            }
        });
    }
}
