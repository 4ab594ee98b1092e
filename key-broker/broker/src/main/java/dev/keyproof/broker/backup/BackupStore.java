package dev.keyproof.broker.backup;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the wrapped keys as they stand in one moment. */
@Repository
public class BackupStore {
    private final JdbcClient jdbc;

    public BackupStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The keys of now, by one statement, which sees one state of the database. */
    public BackedUp read(Instant now) throws ProblemException {
        List<BackedUp.Version> versions = new ArrayList<>();
        Set<String> resident = new LinkedHashSet<>();
        asking(() -> {
            jdbc.sql("SELECT k.id, k.algorithm, v.version, v.reference, v.birth, v.wrapped FROM key k"
                            + " JOIN key_version v ON v.key_id = k.id"
                            + " WHERE v.wrapped IS NOT NULL OR (k.residence = 'RESIDENT' AND k.state <> 'DESTROYED')"
                            + " ORDER BY k.id, v.version")
                    .query(row -> {
                        String id = row.getString(1);
                        byte[] wrapped = row.getBytes(6);
                        if (wrapped != null) {
                            versions.add(new BackedUp.Version(
                                    id,
                                    row.getInt(3),
                                    Algorithm.valueOf(row.getString(2)),
                                    row.getString(4),
                                    row.getString(5),
                                    wrapped));
                        } else {
                            resident.add(id);
                        }
                    });
            return versions;
        });
        return new BackedUp(now.truncatedTo(ChronoUnit.SECONDS).toString(), versions, List.copyOf(resident));
    }
}
