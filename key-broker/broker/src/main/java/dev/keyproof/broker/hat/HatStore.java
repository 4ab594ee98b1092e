package dev.keyproof.broker.hat;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.problem.ProblemException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The hats in the database, one for each actor and key. */
@Repository
class HatStore {
    private final JdbcClient jdbc;

    HatStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Puts a hat on where none is; the one that is on then. Of two brokers at once, one wins for both. */
    String wear(String key, String actor, String hat) throws ProblemException {
        return asking(() -> {
            jdbc.sql("INSERT INTO key_hat (key_id, actor, hat) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                    .params(key, actor, hat)
                    .update();
            return jdbc.sql("SELECT hat FROM key_hat WHERE key_id = ? AND actor = ?")
                    .params(key, actor)
                    .query(String.class)
                    .single();
        });
    }
}
