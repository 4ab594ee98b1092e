package dev.keyproof.broker.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys' rows. Each change is one transaction that also notes the intent it is the effect of, and ends by taking the
 * next revision.
 */
@Repository
public class KeyStore implements LeasedKeys.Source {
    private static final String COLUMNS =
            "id, name, purpose, algorithm, state, owner, tags, created, rotation_period_days, provider, residence, attributes, revision";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    public KeyStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** What all brokers share besides the keys. */
    public record Shared(long revision, boolean killSwitch) {}

    /** What a change makes of the locked key. */
    @FunctionalInterface
    public interface Change {
        Key apply(Key locked) throws ProblemException;
    }

    /** What is done while a key's row is locked. */
    @FunctionalInterface
    public interface Locked {
        void run(Optional<Key> key) throws ProblemException;
    }

    /** What else belongs into the transaction of a change. */
    @FunctionalInterface
    public interface Besides {
        void run(Intent intent) throws ProblemException;

        /** Nothing else. */
        static Besides nothing() {
            return intent -> {};
        }
    }

    @Override
    public Shared shared() throws ProblemException {
        return reading(() -> jdbc.sql("SELECT revision, kill_switch FROM shared_state")
                .query((row, n) -> new Shared(row.getLong(1), row.getBoolean(2)))
                .single());
    }

    /** The keys that changed after that revision. */
    @Override
    public List<Key> changedSince(long revision) throws ProblemException {
        return reading(() -> {
            List<Key> keys = jdbc.sql("SELECT " + COLUMNS + " FROM key WHERE revision > ? ORDER BY id")
                    .param(revision)
                    .query((row, n) -> key(row, List.of()))
                    .list();
            // After the keys: a key may then have more versions than its revision says, and never fewer.
            Map<String, List<KeyVersion>> versions = new LinkedHashMap<>();
            jdbc.sql(
                            "SELECT v.key_id, v.version, k.algorithm, v.reference, v.created, v.birth, v.wrapped FROM key_version v"
                                    + " JOIN key k ON k.id = v.key_id WHERE k.revision > ? ORDER BY v.key_id, v.version")
                    .param(revision)
                    .query(KeyStore::version)
                    .list()
                    .forEach(version -> versions.computeIfAbsent(version.keyId(), id -> new ArrayList<>())
                            .add(version));
            return keys.stream()
                    .map(key -> key.of(versions.getOrDefault(key.id(), List.of())))
                    .toList();
        });
    }

    @Override
    public Optional<Key> find(String id) throws ProblemException {
        return reading(() -> select(id, ""));
    }

    /** Stores a new key as the effect of the intent. */
    public Key insert(Intent intent, Key key) throws ProblemException {
        return changing(() -> {
            long revision = nextRevision();
            jdbc.sql("INSERT INTO key (" + COLUMNS + ") VALUES (?,?,?,?,?,?,?::jsonb,?,?,?,?,?::jsonb,?)")
                    .params(
                            key.id(),
                            key.name(),
                            key.purpose().name(),
                            key.algorithm().name(),
                            key.state().name(),
                            key.owner(),
                            text(key.tags()),
                            Timestamp.from(key.created()),
                            new SqlParameterValue(Types.INTEGER, key.rotationPeriodDays()),
                            key.provider(),
                            key.residence().name(),
                            text(key.attributes()),
                            revision)
                    .update();
            insertVersion(key.current());
            note(intent);
            return key.at(revision);
        });
    }

    /** Changes a key under its row lock as the effect of the intent. */
    public Key change(Intent intent, String id, Change change, Besides besides) throws ProblemException {
        return changing(() -> {
            Key before = select(id, " FOR UPDATE")
                    .orElseThrow(() -> new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key"));
            besides.run(intent);
            Key after = change.apply(before);
            if (after.versions().size() > before.versions().size()) {
                insertVersion(after.current());
            }
            if (after.state() == KeyState.DESTROYED) {
                jdbc.sql("UPDATE key_version SET wrapped = NULL WHERE key_id = ?")
                        .param(id)
                        .update();
            }
            note(intent);
            long revision = nextRevision();
            jdbc.sql("UPDATE key SET state = ?, attributes = ?::jsonb, revision = ? WHERE id = ?")
                    .params(after.state().name(), text(after.attributes()), revision, id)
                    .update();
            return after.at(revision);
        });
    }

    /** Runs work while the key's row, if there is one, is locked; changes nothing. */
    public void locked(String id, Locked work) throws ProblemException {
        changing(() -> {
            work.run(select(id, " FOR UPDATE"));
            return id;
        });
    }

    /** Turns the kill switch as the effect of the intent. */
    public Shared killSwitch(Intent intent, boolean on) throws ProblemException {
        return changing(() -> {
            note(intent);
            long revision = nextRevision();
            jdbc.sql("UPDATE shared_state SET kill_switch = ?").param(on).update();
            return new Shared(revision, on);
        });
    }

    private long nextRevision() {
        return jdbc.sql("UPDATE shared_state SET revision = revision + 1 RETURNING revision")
                .query(Long.class)
                .single();
    }

    private void note(Intent intent) {
        jdbc.sql("INSERT INTO effect (intent, source, sequence) VALUES (?, ?, ?)")
                .params(intent.uid(), intent.source(), intent.sequence())
                .update();
        jdbc.sql("UPDATE journal_position SET intent_sequence = greatest(intent_sequence, ?) WHERE source = ?")
                .params(intent.sequence(), intent.source())
                .update();
    }

    private void insertVersion(KeyVersion version) {
        jdbc.sql("INSERT INTO key_version (key_id, version, reference, created, birth, wrapped) VALUES (?,?,?,?,?,?)")
                .params(
                        version.keyId(),
                        version.version(),
                        version.reference(),
                        Timestamp.from(version.created()),
                        version.birth(),
                        new SqlParameterValue(Types.BINARY, version.wrapped()))
                .update();
    }

    /** The row first: a version that is born after it was read, or while its lock was waited for, is then among those read next. */
    private Optional<Key> select(String id, String lock) {
        if (!lock.isEmpty()) {
            // By a statement of its own, for one that waits for a row reads everything else as it was before.
            jdbc.sql("SELECT id FROM key WHERE id = ?" + lock)
                    .param(id)
                    .query(String.class)
                    .list();
        }
        Optional<Key> row = jdbc.sql("SELECT " + COLUMNS + " FROM key WHERE id = ?")
                .param(id)
                .query((found, n) -> key(found, List.of()))
                .optional();
        return row.map(key -> key.of(jdbc.sql(
                        "SELECT v.key_id, v.version, k.algorithm, v.reference, v.created, v.birth,"
                                + " v.wrapped FROM key k JOIN key_version v ON k.id = v.key_id WHERE k.id = ? ORDER BY v.version")
                .param(id)
                .query(KeyStore::version)
                .list()));
    }

    private static KeyVersion version(ResultSet row, int n) throws SQLException {
        return new KeyVersion(
                row.getString(1),
                row.getInt(2),
                Algorithm.valueOf(row.getString(3)),
                row.getString(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6),
                row.getBytes(7));
    }

    private static Key key(ResultSet row, List<KeyVersion> versions) throws SQLException {
        try {
            return new Key(
                    row.getString("id"),
                    row.getString("name"),
                    Purpose.valueOf(row.getString("purpose")),
                    Algorithm.valueOf(row.getString("algorithm")),
                    KeyState.valueOf(row.getString("state")),
                    row.getString("owner"),
                    JSON.readValue(row.getString("tags"), new TypeReference<Map<String, String>>() {}),
                    row.getTimestamp("created").toInstant(),
                    row.getObject("rotation_period_days", Integer.class),
                    row.getString("provider"),
                    Residence.valueOf(row.getString("residence")),
                    JSON.readValue(row.getString("attributes"), DeviceAttributes.class),
                    versions,
                    row.getLong("revision"));
        } catch (JsonProcessingException e) {
            throw new SQLException("key " + row.getString("id") + " has JSON that cannot be read", e);
        }
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings and numbers is always JSON", e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws ProblemException;
    }

    private static <T> T reading(Work<T> work) throws ProblemException {
        try {
            return work.run();
        } catch (DataAccessException | TransactionException e) {
            throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer", e);
        }
    }

    private <T> T changing(Work<T> work) throws ProblemException {
        try {
            return reading(() -> transaction.execute(status -> {
                try {
                    return work.run();
                } catch (ProblemException e) {
                    throw new RolledBack(e);
                }
            }));
        } catch (RolledBack e) {
            throw e.problem;
        }
    }

    /** Carries a problem out of a transaction, which rolls back for it. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final ProblemException problem;

        RolledBack(ProblemException problem) {
            super(problem);
            this.problem = problem;
        }
    }
}
