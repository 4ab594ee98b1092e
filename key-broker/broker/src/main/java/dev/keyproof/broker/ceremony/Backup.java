package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.key.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Copies the wrapped keys out of the broker's database, in one moment of it. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the wrapped keys out of the broker's database. Together with the custodians' shares this restores every replicated key.",
            "States, owners and approvals are in the database's own backups (pg_dump, or its folder)."
        },
        footer = {
            "",
            "Example: ./keyproof ceremony backup --database jdbc:postgresql://127.0.0.1:5432/keyproof --user keyproof \\",
            "           --password-file db.password --out backups"
        })
final class Backup implements Callable<Integer> {
    @Option(names = "--database", required = true, paramLabel = "URL", description = "JDBC URL of the database")
    private String url = "";

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "who reads it")
    private String user = "";

    @Option(names = "--password-file", required = true, paramLabel = "FILE", description = "the file with the password")
    private Path passwordFile = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the backup goes")
    private Path out = Path.of("");

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws CeremonyException, IOException {
        String made = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        BackedUp backup;
        try (Connection database = DriverManager.getConnection(
                url, user, Files.readString(passwordFile).strip())) {
            database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            database.setAutoCommit(false);
            backup = new BackedUp(made, versions(database), resident(database));
        } catch (SQLException e) {
            throw new CeremonyException("the database cannot be read: " + e.getMessage(), e);
        }
        Path file = Output.in(out)
                .write("keys-" + made.replace(":", "") + ".json", new ObjectMapper().writeValueAsBytes(backup));
        System.out.println(backup.versions().size() + " key versions: " + file);
        if (!backup.resident().isEmpty()) {
            System.out.println(backup.resident().size() + " resident keys live in one token alone and are not in it");
        }
        return 0;
    }

    private static List<BackedUp.Version> versions(Connection database) throws SQLException {
        List<BackedUp.Version> versions = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT v.key_id, v.version, k.algorithm, v.reference, v.birth, v.wrapped FROM key_version v"
                                + " JOIN key k ON k.id = v.key_id WHERE v.wrapped IS NOT NULL ORDER BY 1, 2")) {
            while (rows.next()) {
                versions.add(new BackedUp.Version(
                        rows.getString(1),
                        rows.getInt(2),
                        Algorithm.valueOf(rows.getString(3)),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getBytes(6)));
            }
        }
        return versions;
    }

    private static List<String> resident(Connection database) throws SQLException {
        List<String> resident = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id FROM key WHERE residence = 'RESIDENT' AND state <> 'DESTROYED' ORDER BY id")) {
            while (rows.next()) {
                resident.add(rows.getString(1));
            }
        }
        return resident;
    }
}
