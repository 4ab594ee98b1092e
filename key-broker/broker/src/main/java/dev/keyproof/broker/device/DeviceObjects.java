package dev.keyproof.broker.device;

import static dev.keyproof.broker.database.Database.asking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.pkcs11.BirthBook;
import dev.keyproof.pkcs11.TokenObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of what each token is to hold. */
@Repository
public class DeviceObjects implements BirthBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;

    public DeviceObjects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a token is to hold, as it showed it then. */
    List<TokenObject> of(String token) throws ProblemException {
        return asking(() -> jdbc.sql(
                        "SELECT kind, object_id, label, attributes FROM device_object WHERE token = ? ORDER BY number")
                .param(token)
                .query(DeviceObjects::object)
                .list());
    }

    boolean adopted(String token) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM device_token WHERE token = ?")
                        .param(token)
                        .query(Long.class)
                        .single())
                > 0;
    }

    /** Takes what a token holds as ordered, besides what was. */
    void adopt(String token, List<TokenObject> objects, String record) throws ProblemException {
        List<TokenObject> known = of(token);
        born(token, objects.stream().filter(object -> !known.contains(object)).toList(), record);
        asking(() -> jdbc.sql("INSERT INTO device_token (token, adopted) VALUES (?, ?)")
                .params(token, record)
                .update());
    }

    @Override
    public void born(Map<String, List<TokenObject>> objects, String birth) throws ProblemException {
        for (Map.Entry<String, List<TokenObject>> token : objects.entrySet()) {
            born(token.getKey(), token.getValue(), birth);
        }
    }

    @Override
    public void keksBorn(Map<String, List<TokenObject>> inventories, String birth) throws ProblemException {
        for (Map.Entry<String, List<TokenObject>> token : inventories.entrySet()) {
            List<TokenObject> known = of(token.getKey());
            born(
                    token.getKey(),
                    token.getValue().stream()
                            .filter(object -> object.isKek() && !known.contains(object))
                            .toList(),
                    birth);
        }
    }

    void born(String token, List<TokenObject> objects, String birth) throws ProblemException {
        for (TokenObject object : objects) {
            asking(() -> jdbc.sql("INSERT INTO device_object (token, kind, object_id, label, attributes, born)"
                            + " VALUES (?,?,?,?,?,?)")
                    .params(
                            token,
                            object.kind(),
                            object.id(),
                            object.label(),
                            new SqlParameterValue(Types.OTHER, json(object.attributes())),
                            birth)
                    .update());
        }
    }

    @Override
    public void gone(String id) throws ProblemException {
        asking(() -> jdbc.sql("DELETE FROM device_object WHERE object_id = ?")
                .param(id)
                .update());
    }

    private static TokenObject object(ResultSet row, int n) throws SQLException {
        try {
            return new TokenObject(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    JSON.readValue(row.getString(4), new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            throw new SQLException("a device's object has attributes that cannot be read", e);
        }
    }

    private static String json(Map<String, String> attributes) {
        try {
            return JSON.writeValueAsString(attributes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }
}
