package dev.keyproof.broker.datakey;

import static dev.keyproof.broker.database.Database.asking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of data keys and of their moves. What writes is part of the caller's transaction. */
@Repository
public class DataKeyStore {
    private static final String COLUMNS = "id, kek, algorithm, version, ciphertext, context, created";
    private static final String MOVE = "kek, version, total, moved, failed, per_second, ordered_by, began, due, ended";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;

    public DataKeyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Registers data keys.
     *
     * @throws ProblemException {@link Problem#CONFLICT} if their KEK has another current version by now, so that none is left
     *     behind under a version that is about to be retired
     */
    public void insert(List<DataKey> dataKeys) throws ProblemException {
        DataKey first = dataKeys.getFirst();
        requireCurrent(first.kek(), first.version());
        for (DataKey dataKey : dataKeys) {
            asking(() -> jdbc.sql("INSERT INTO data_key (" + COLUMNS + ") VALUES (?,?,?,?,?,?,?)")
                    .params(
                            dataKey.id(),
                            dataKey.kek(),
                            dataKey.algorithm().name(),
                            dataKey.version(),
                            dataKey.ciphertext(),
                            new SqlParameterValue(Types.OTHER, json(dataKey.context())),
                            Timestamp.from(dataKey.created()))
                    .update());
        }
    }

    public Optional<DataKey> find(String id) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT " + COLUMNS + " FROM data_key WHERE id = ?")
                .param(id)
                .query(DataKeyStore::dataKey)
                .optional());
    }

    /**
     * A data key of that KEK as it is wrapped now.
     *
     * @throws ProblemException {@link Problem#DATA_KEY_NOT_FOUND} if the KEK has none of that id
     */
    public byte[] wrapped(String kek, String id) throws ProblemException {
        return find(id).filter(dataKey -> dataKey.kek().equals(kek))
                .map(DataKey::ciphertext)
                .orElseThrow(() ->
                        new ProblemException(Problem.DATA_KEY_NOT_FOUND, "there is no such data key under this key"));
    }

    /** How many data keys a KEK wraps. */
    public long count(String kek) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM data_key WHERE kek = ?")
                .param(kek)
                .query(Long.class)
                .single());
    }

    /** How many data keys each KEK wraps that wraps any. */
    public Map<String, Long> counts() throws ProblemException {
        return asking(() -> jdbc
                .sql("SELECT kek, count(*) FROM data_key GROUP BY kek")
                .query((row, n) -> Map.entry(row.getString(1), row.getLong(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** The next data keys, by id, that another version than {@code version} wraps. */
    public List<DataKey> elsewhere(String kek, int version, String after, int most) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT " + COLUMNS
                        + " FROM data_key WHERE kek = ? AND version <> ? AND id > ? ORDER BY id LIMIT ?")
                .params(kek, version, after, most)
                .query(DataKeyStore::dataKey)
                .list());
    }

    public long countElsewhere(String kek, int version) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM data_key WHERE kek = ? AND version <> ?")
                .params(kek, version)
                .query(Long.class)
                .single());
    }

    /**
     * Stores data keys that moved, each only if it still stands where it was read.
     *
     * @param from the data keys as they were read, in the same order
     * @throws ProblemException {@link Problem#CONFLICT} if the move goes elsewhere by now
     */
    public void move(ReWrap move, List<DataKey> from, List<DataKey> to, long failed) throws ProblemException {
        requireCurrent(move.kek(), move.version());
        int moved = 0;
        for (int i = 0; i < to.size(); i++) {
            DataKey old = from.get(i);
            DataKey fresh = to.get(i);
            moved += asking(
                    () -> jdbc.sql("UPDATE data_key SET version = ?, ciphertext = ? WHERE id = ? AND version = ?")
                            .params(fresh.version(), fresh.ciphertext(), old.id(), old.version())
                            .update());
        }
        int count = moved;
        int noted = asking(
                () -> jdbc.sql("UPDATE re_wrap SET moved = moved + ?, failed = ? WHERE kek = ? AND ordered_by = ?")
                        .params(count, failed, move.kek(), move.orderedBy())
                        .update());
        if (noted == 0) {
            throw new ProblemException(Problem.CONFLICT, "the data keys of this KEK go elsewhere by now");
        }
    }

    /** The KEK's row stays as it is until the transaction ends. */
    private void requireCurrent(String kek, int version) throws ProblemException {
        int current = asking(() -> jdbc.sql("SELECT current_version FROM key WHERE id = ? FOR SHARE")
                .param(kek)
                .query(Integer.class)
                .single());
        if (current != version) {
            throw new ProblemException(Problem.CONFLICT, "the KEK was rotated at the same time; ask again");
        }
    }

    /** Begins a move; one that still goes on goes to the new version instead. */
    public void begin(ReWrap move) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO re_wrap (" + MOVE + ") VALUES (?,?,?,0,0,?,?,?,?,NULL) ON CONFLICT (kek)"
                        + " DO UPDATE SET version = excluded.version, total = excluded.total, moved = 0, failed = 0,"
                        + " per_second = excluded.per_second, ordered_by = excluded.ordered_by,"
                        + " began = excluded.began, due = excluded.due, ended = NULL")
                .params(
                        move.kek(),
                        move.version(),
                        move.total(),
                        move.perSecond(),
                        move.orderedBy(),
                        Timestamp.from(move.began()),
                        Timestamp.from(move.due()))
                .update());
    }

    /**
     * Ends a move.
     *
     * @throws ProblemException {@link Problem#CONFLICT} if it goes elsewhere by now, or is not done
     */
    public void end(ReWrap move, Instant now) throws ProblemException {
        int ended =
                asking(() -> jdbc.sql("UPDATE re_wrap SET ended = ? WHERE kek = ? AND ordered_by = ? AND ended IS NULL"
                                + " AND NOT EXISTS (SELECT 1 FROM data_key WHERE kek = ? AND version <> ?)")
                        .params(Timestamp.from(now), move.kek(), move.orderedBy(), move.kek(), move.version())
                        .update());
        if (ended == 0) {
            throw new ProblemException(Problem.CONFLICT, "the move of this KEK's data keys is not at its end");
        }
    }

    public Optional<ReWrap> move(String kek) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT " + MOVE + " FROM re_wrap WHERE kek = ?")
                .param(kek)
                .query(DataKeyStore::reWrap)
                .optional());
    }

    /** The moves that go on. */
    public List<ReWrap> moves() throws ProblemException {
        return asking(() -> jdbc.sql("SELECT " + MOVE + " FROM re_wrap WHERE ended IS NULL ORDER BY due")
                .query(DataKeyStore::reWrap)
                .list());
    }

    private static DataKey dataKey(ResultSet row, int n) throws SQLException {
        try {
            return new DataKey(
                    row.getString(1),
                    row.getString(2),
                    DataKeyAlgorithm.valueOf(row.getString(3)),
                    row.getInt(4),
                    row.getBytes(5),
                    JSON.readValue(row.getString(6), new TypeReference<Map<String, String>>() {}),
                    row.getTimestamp(7).toInstant());
        } catch (JsonProcessingException e) {
            throw new SQLException("data key " + row.getString(1) + " has a context that cannot be read", e);
        }
    }

    private static ReWrap reWrap(ResultSet row, int n) throws SQLException {
        Timestamp ended = row.getTimestamp(10);
        return new ReWrap(
                row.getString(1),
                row.getInt(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6),
                row.getString(7),
                row.getTimestamp(8).toInstant(),
                row.getTimestamp(9).toInstant(),
                ended == null ? null : ended.toInstant());
    }

    private static String json(Map<String, String> context) {
        try {
            return JSON.writeValueAsString(context);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }
}
