package dev.keyproof.broker.key;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.database.Database.Question;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys' rows. Each change is one transaction that also notes the intent it is the effect of, and ends by taking the
 * next revision.
 */
@Repository
public class KeyStore implements LeasedKeys.Source {
    private static final String COLUMNS = KeyRows.FIXED + ", " + KeyRows.CHANGING + ", revision";

    /** A key's document carries them, and every record carries that. */
    private static final int MOST_ALIASES = 16;

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

        /** This, and then another. */
        default Besides and(Besides other) {
            return intent -> {
                run(intent);
                other.run(intent);
            };
        }
    }

    @Override
    public LeasedKeys.Reading read(StateMark seen) throws ProblemException {
        return asking(() -> jdbc.sql(
                        "SELECT s.kill_switch, m.revision, m.mark::text, ? < 0 OR EXISTS (SELECT FROM state_mark"
                                + " WHERE revision = ? AND mark::text = ?) FROM shared_state s JOIN state_mark m ON m.revision = s.revision")
                .params(seen.revision(), seen.revision(), seen.mark())
                .query((row, n) -> new LeasedKeys.Reading(
                        row.getBoolean(1), new StateMark(row.getLong(2), row.getString(3)), row.getBoolean(4)))
                .single());
    }

    /** The keys that changed after that revision. */
    @Override
    public List<Key> changedSince(long revision) throws ProblemException {
        return asking(() -> {
            List<Key> keys = jdbc.sql("SELECT " + COLUMNS + " FROM key WHERE revision > ? ORDER BY id")
                    .param(revision)
                    .query(KeyRows::key)
                    .list();
            // After the keys: a key may then have more versions than its revision says, and never fewer.
            Map<String, List<KeyVersion>> versions = new LinkedHashMap<>();
            jdbc.sql("SELECT " + KeyRows.VERSION + " FROM key_version v JOIN key k ON k.id = v.key_id"
                            + " WHERE k.revision > ? ORDER BY v.key_id, v.version")
                    .param(revision)
                    .query(KeyRows::version)
                    .list()
                    .forEach(version -> versions.computeIfAbsent(version.keyId(), id -> new ArrayList<>())
                            .add(version));
            Map<String, List<String>> aliases = new LinkedHashMap<>();
            jdbc.sql("SELECT a.key_id, a.name FROM key_alias a JOIN key k ON k.id = a.key_id WHERE k.revision > ?"
                            + " ORDER BY a.name")
                    .param(revision)
                    .query((row, n) -> aliases.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(row.getString(2)))
                    .list();
            return keys.stream()
                    .map(key -> key.of(versions.getOrDefault(key.id(), List.of()))
                            .at(key.revision(), aliases.getOrDefault(key.id(), List.of())))
                    .toList();
        });
    }

    @Override
    public Optional<Key> find(String id) throws ProblemException {
        return asking(() -> select(id, ""));
    }

    /** Stores a new key as the effect of the intent. */
    public Key insert(Intent intent, Key key) throws ProblemException {
        return changing(() -> {
            // In the order of every other change: the position first, the revision last.
            note(intent);
            long revision = nextRevision();
            List<Object> values = new ArrayList<>(KeyRows.fixed(key));
            values.addAll(KeyRows.changing(key));
            values.add(revision);
            jdbc.sql("INSERT INTO key (" + COLUMNS + ") VALUES (" + places(values.size()) + ")")
                    .params(values)
                    .update();
            insertVersion(key.current());
            return key.at(revision, List.of());
        });
    }

    /** Changes a key under its row lock as the effect of the intent. */
    public Key change(Intent intent, String id, Change change, Besides besides) throws ProblemException {
        return changing(() -> {
            Key before = locked(id);
            besides.run(intent);
            Key after = change.apply(before);
            if (after.versions().size() > before.versions().size()) {
                insertVersion(after.newest());
            }
            if (after.state() == KeyState.DESTROYED) {
                jdbc.sql("UPDATE key_version SET wrapped = NULL WHERE key_id = ?")
                        .param(id)
                        .update();
            }
            updateRetired(before, after);
            note(intent);
            long revision = nextRevision();
            List<Object> values = new ArrayList<>(KeyRows.changing(after));
            values.add(revision);
            values.add(id);
            jdbc.sql("UPDATE key SET (" + KeyRows.CHANGING + ", revision) = ROW(" + places(values.size() - 1)
                            + ") WHERE id = ?")
                    .params(values)
                    .update();
            return after.at(revision, before.aliases());
        });
    }

    /**
     * Lets a name stand for a key, whatever it stood for before, as the effect of the intent.
     *
     * @param before the other key that it may have stood for
     * @return the keys that changed: the one it stands for now, and the one it stood for before
     */
    public List<Key> alias(Intent intent, String name, String id, @Nullable String before, Besides besides)
            throws ProblemException {
        return changing(() -> {
            // All rows that change, in one order everywhere, before anything else is held.
            SortedSet<String> rows = new TreeSet<>(standsFor(name));
            rows.add(id);
            for (String row : rows) {
                Key key = locked(row);
                if (row.equals(id)
                        && key.aliases().size() >= MOST_ALIASES
                        && !key.aliases().contains(name)) {
                    throw new ProblemException(
                            Problem.INVALID_INPUT, "alias: the key has " + MOST_ALIASES + " aliases already");
                }
            }
            List<String> standsFor = standsFor(name);
            // What was decided on is these two keys, and no third.
            if (!standsFor.stream().allMatch(key -> key.equals(id) || key.equals(before))) {
                throw new ProblemException(Problem.CONFLICT, "the alias moved at the same time; ask again");
            }
            besides.run(intent);
            jdbc.sql("INSERT INTO key_alias (name, key_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET key_id = ?")
                    .params(name, id, id)
                    .update();
            note(intent);
            List<String> changed = new ArrayList<>(List.of(id));
            standsFor.stream().filter(other -> !other.equals(id)).forEach(changed::add);
            return touched(changed);
        });
    }

    /**
     * Lets a name stand for no key, as the effect of the intent.
     *
     * @return the key that it stood for
     */
    public List<Key> unalias(Intent intent, String name, String id, Besides besides) throws ProblemException {
        return changing(() -> {
            locked(id);
            besides.run(intent);
            int gone = jdbc.sql("DELETE FROM key_alias WHERE name = ? AND key_id = ?")
                    .params(name, id)
                    .update();
            if (gone == 0) {
                throw new ProblemException(Problem.KEY_NOT_FOUND, "the key has no such alias");
            }
            note(intent);
            return touched(List.of(id));
        });
    }

    /** Brings an effect that changes no key: work and note of the intent in one transaction. */
    public void effect(Intent intent, Besides work) throws ProblemException {
        changing(() -> {
            work.run(intent);
            note(intent);
            return intent;
        });
    }

    private List<String> standsFor(String name) {
        return jdbc.sql("SELECT key_id FROM key_alias WHERE name = ?")
                .param(name)
                .query(String.class)
                .list();
    }

    private List<Key> touched(List<String> ids) {
        long revision = nextRevision();
        return ids.stream()
                .map(id -> {
                    jdbc.sql("UPDATE key SET revision = ? WHERE id = ?")
                            .params(revision, id)
                            .update();
                    return select(id, "").orElseThrow();
                })
                .toList();
    }

    private Key locked(String id) throws ProblemException {
        return select(id, " FOR UPDATE")
                .orElseThrow(() -> new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key"));
    }

    private void updateRetired(Key before, Key after) {
        for (KeyVersion version : after.versions()) {
            boolean changed = before.versions().stream()
                    .anyMatch(old ->
                            old.version() == version.version() && !Objects.equals(old.retired(), version.retired()));
            if (changed) {
                jdbc.sql("UPDATE key_version SET retired = ? WHERE key_id = ? AND version = ?")
                        .params(KeyRows.time(version.retired()), version.keyId(), version.version())
                        .update();
            }
        }
    }

    private static String places(int count) {
        return String.join(",", Collections.nCopies(count, "?"));
    }

    /** Runs work while the key's row, if there is one, is locked; changes nothing. */
    public void locked(String id, Locked work) throws ProblemException {
        changing(() -> {
            work.run(select(id, " FOR UPDATE"));
            return id;
        });
    }

    /** Turns the kill switch as the effect of the intent. */
    public Shared killSwitch(Intent intent, boolean on, Besides besides) throws ProblemException {
        return changing(() -> {
            note(intent);
            besides.run(intent);
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
                .query(KeyRows::key)
                .optional();
        return row.map(key -> key.of(jdbc.sql("SELECT " + KeyRows.VERSION
                                + " FROM key k JOIN key_version v ON k.id = v.key_id WHERE k.id = ? ORDER BY v.version")
                        .param(id)
                        .query(KeyRows::version)
                        .list())
                .at(
                        key.revision(),
                        jdbc.sql("SELECT name FROM key_alias WHERE key_id = ? ORDER BY name")
                                .param(id)
                                .query(String.class)
                                .list()));
    }

    private <T> T changing(Question<T> work) throws ProblemException {
        try {
            return asking(() -> transaction.execute(status -> {
                try {
                    return work.ask();
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
