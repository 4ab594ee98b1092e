package dev.keyproof.broker.duty;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.problem.ProblemException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which broker sees to what is due. That two do for a moment harms nothing: every change is checked under its key's lock. */
@Repository
public class DutyStore {
    private static final int SECONDS = 15;

    private final JdbcClient jdbc;

    public DutyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes the duty if nobody else has it, or keeps it; whether it is this broker's for the next seconds. */
    public boolean mine(String broker) throws ProblemException {
        return asking(() -> jdbc.sql("UPDATE duty SET holder = ?, until = now() + make_interval(secs => ?)"
                                + " WHERE holder = ? OR until < now()")
                        .params(broker, SECONDS, broker)
                        .update())
                == 1;
    }
}
