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
    private final BirthRecords records;

    public DeviceObjects(JdbcClient jdbc, BirthRecords records) {
        this.jdbc = jdbc;
        this.records = records;
    }

    /** What a token is to hold, as it showed it then. */
    List<Noted> of(String token) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT kind, object_id, label, attributes, source, epoch, sequence"
                        + " FROM device_object WHERE token = ? ORDER BY number")
                .param(token)
                .query(DeviceObjects::noted)
                .list());
    }

    private List<TokenObject> known(String token) throws ProblemException {
        return of(token).stream().map(Noted::object).toList();
    }

    /** The tokens of which anything is written down. */
    List<String> tokens() throws ProblemException {
        return asking(() -> jdbc.sql("SELECT DISTINCT token FROM device_object ORDER BY token")
                .query(String.class)
                .list());
    }

    /** Whether no token was ever adopted. */
    public boolean isEmpty() throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM device_token")
                        .query(Long.class)
                        .single())
                == 0;
    }

    boolean adopted(String token) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM device_token WHERE token = ?")
                        .param(token)
                        .query(Long.class)
                        .single())
                > 0;
    }

    void forget(String token) throws ProblemException {
        asking(() -> jdbc.sql("DELETE FROM device_object WHERE token = ?")
                .param(token)
                .update());
    }

    /** Takes what a token holds as ordered, besides what was. */
    void adopt(String token, List<TokenObject> objects, String record) throws ProblemException {
        List<TokenObject> known = known(token);
        born(token, objects.stream().filter(object -> !known.contains(object)).toList(), record);
        asking(() -> jdbc.sql("INSERT INTO device_token (token, adopted) VALUES (?, ?) ON CONFLICT (token)"
                        + " DO UPDATE SET adopted = excluded.adopted")
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
            List<TokenObject> known = known(token.getKey());
            born(
                    token.getKey(),
                    token.getValue().stream()
                            .filter(object -> object.isKek() && !known.contains(object))
                            .toList(),
                    birth);
        }
    }

    void born(String token, List<TokenObject> objects, String birth) throws ProblemException {
        for (Noted noted : records.note(token, objects, birth)) {
            TokenObject object = noted.object();
            asking(() -> jdbc.sql("INSERT INTO device_object (token, kind, object_id, label, attributes, born, source,"
                            + " epoch, sequence) VALUES (?,?,?,?,?,?,?,?,?)")
                    .params(
                            token,
                            object.kind(),
                            object.id(),
                            object.label(),
                            new SqlParameterValue(Types.OTHER, json(object.attributes())),
                            birth,
                            noted.source(),
                            noted.epoch(),
                            noted.sequence())
                    .update());
        }
    }

    @Override
    public void gone(String id) throws ProblemException {
        asking(() -> jdbc.sql("DELETE FROM device_object WHERE object_id = ?")
                .param(id)
                .update());
    }

    private static Noted noted(ResultSet row, int n) throws SQLException {
        try {
            return new Noted(
                    new TokenObject(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            JSON.readValue(row.getString(4), new TypeReference<Map<String, String>>() {})),
                    row.getString(5),
                    row.getString(6),
                    row.getLong(7));
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
