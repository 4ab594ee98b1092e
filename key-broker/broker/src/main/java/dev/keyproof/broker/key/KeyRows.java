package dev.keyproof.broker.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;

/** How keys and versions stand in their rows. */
final class KeyRows {
    /** What never changes of a key, in the order of {@link #fixed}. */
    static final String FIXED = "id, purpose, algorithm, created, provider, residence, usage_limit, activates";
    /** What changes, in the order of {@link #changing}. */
    static final String CHANGING =
            "name, owner, tags, sensitivity, residency, scope, state, rotation_period_days, destroys,"
                    + " destruction_days, destruction_order, destruction_approval, attributes, current_version";

    static final String VERSION =
            "v.key_id, v.version, k.algorithm, v.reference, v.created, v.birth, v.wrapped, v.retired";

    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyRows() {}

    static List<Object> fixed(Key key) {
        return List.of(
                key.id(),
                key.purpose().name(),
                key.algorithm().name(),
                Timestamp.from(key.created()),
                key.provider(),
                key.residence().name(),
                key.terms().usageLimit(),
                time(key.terms().activates()));
    }

    static List<Object> changing(Key key) {
        Terms.Destruction destruction = key.terms().destruction();
        return List.of(
                key.description().name(),
                key.description().owner(),
                json(key.description().tags()),
                text(key.description().sensitivity()),
                text(key.description().residency()),
                json(key.description().scope()),
                key.state().name(),
                new SqlParameterValue(Types.INTEGER, key.terms().rotationPeriodDays()),
                time(destruction == null ? null : destruction.due()),
                new SqlParameterValue(Types.INTEGER, destruction == null ? null : destruction.days()),
                text(destruction == null ? null : destruction.order()),
                text(destruction == null ? null : destruction.approval()),
                json(key.attributes()),
                key.protecting());
    }

    /** A key still without its versions and aliases. */
    static Key key(ResultSet row, int n) throws SQLException {
        try {
            Instant destroys = instant(row, "destroys");
            return new Key(
                    row.getString("id"),
                    new Description(
                            row.getString("name"),
                            row.getString("owner"),
                            JSON.readValue(row.getString("tags"), new TypeReference<Map<String, String>>() {}),
                            row.getString("sensitivity"),
                            row.getString("residency"),
                            JSON.readValue(row.getString("scope"), Scope.class)),
                    Purpose.valueOf(row.getString("purpose")),
                    Algorithm.valueOf(row.getString("algorithm")),
                    KeyState.valueOf(row.getString("state")),
                    row.getTimestamp("created").toInstant(),
                    new Terms(
                            row.getObject("rotation_period_days", Integer.class),
                            row.getLong("usage_limit"),
                            instant(row, "activates"),
                            destroys == null
                                    ? null
                                    : new Terms.Destruction(
                                            destroys,
                                            row.getInt("destruction_days"),
                                            row.getString("destruction_order"),
                                            row.getString("destruction_approval"))),
                    row.getString("provider"),
                    Residence.valueOf(row.getString("residence")),
                    JSON.readValue(row.getString("attributes"), DeviceAttributes.class),
                    List.of(),
                    row.getInt("current_version"),
                    List.of(),
                    row.getLong("revision"));
        } catch (JsonProcessingException e) {
            throw new SQLException("key " + row.getString("id") + " has JSON that cannot be read", e);
        }
    }

    static KeyVersion version(ResultSet row, int n) throws SQLException {
        return new KeyVersion(
                row.getString(1),
                row.getInt(2),
                Algorithm.valueOf(row.getString(3)),
                row.getString(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6),
                row.getBytes(7),
                instant(row, "retired"));
    }

    static SqlParameterValue time(@Nullable Instant instant) {
        return new SqlParameterValue(Types.TIMESTAMP, instant == null ? null : Timestamp.from(instant));
    }

    private static SqlParameterValue text(@Nullable String text) {
        return new SqlParameterValue(Types.VARCHAR, text);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    private static SqlParameterValue json(Object value) {
        try {
            return new SqlParameterValue(Types.OTHER, JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings and numbers is always JSON", e);
        }
    }
}
