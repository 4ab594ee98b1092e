package dev.keyproof.broker.datakey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Moves that cross each other, in the order that a thread which was held up brings about. */
@Tag("server")
class DataKeyStoreTest {
    private static final String KEK = "01KAV3J8Q4W6Z0X1Y2T3R4S5P6";
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    private static EmbeddedPostgres postgres;
    private static JdbcClient jdbc;
    private static TransactionTemplate transaction;
    private static DataKeyStore store;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        DataSource database = postgres.getPostgresDatabase();
        Flyway.configure().dataSource(database).load().migrate();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
        store = new DataKeyStore(jdbc);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void oneDataKey() throws Exception {
        jdbc.sql("DELETE FROM data_key").update();
        jdbc.sql("DELETE FROM re_wrap").update();
        jdbc.sql("DELETE FROM key").update();
        jdbc.sql("INSERT INTO key (id, name, purpose, algorithm, state, owner, tags, created, provider, attributes,"
                        + " revision, residence, current_version) VALUES (?, 'kek', 'WRAP', 'AES_256_GCM', 'ACTIVE',"
                        + " 'payments', '{}', now(), 'pkcs11', '{}', 1, 'REPLICATED', 1)")
                .param(KEK)
                .update();
        store.insert(
                List.of(new DataKey("data-key", KEK, DataKeyAlgorithm.AES_256_GCM, 1, new byte[] {1}, Map.of(), NOW)));
    }

    /** The KEK has that version now, and its data keys are to go there. */
    private static ReWrap ordered(String order, int version) throws Exception {
        jdbc.sql("UPDATE key SET current_version = ?").param(version).update();
        ReWrap move = new ReWrap(KEK, version, 1, 0, 0, 100, order, NOW, NOW.plus(1, ChronoUnit.HOURS), null);
        store.begin(move);
        return move;
    }

    /** In a transaction of its own, which a problem rolls back, as every effect is. */
    private static void move(ReWrap move, List<DataKey> read, int mark) throws Exception {
        List<DataKey> moved = read.stream()
                .map(one -> one.moved(move.version(), new byte[] {(byte) mark}))
                .toList();
        Optional<ProblemException> problem = transaction.execute(status -> {
            try {
                store.move(move, read, moved, 0);
                return Optional.empty();
            } catch (ProblemException e) {
                status.setRollbackOnly();
                return Optional.of(e);
            }
        });
        if (problem.isPresent()) {
            throw problem.get();
        }
    }

    private static List<DataKey> read(int toVersion) throws Exception {
        return store.elsewhere(KEK, toVersion, "", 10);
    }

    private static DataKey now() throws Exception {
        return store.find("data-key").orElseThrow();
    }

    private static void conflict(Work work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CONFLICT));
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @Test
    void aMoveIsStoredUnderItsOwnOrderAlone() throws Exception {
        // Given: a batch was read for a first order and held up; the KEK was backed out, rotated and backed out again
        ReWrap first = ordered("first", 2);
        List<DataKey> heldUp = read(2);
        assertThat(heldUp).hasSize(1);
        ordered("second", 1);
        ordered("third", 3);
        ReWrap fourth = ordered("fourth", 2);

        // When / Then: the version is the same again, the order is not
        conflict(() -> move(first, heldUp, 7));
        assertThat(now().version()).isEqualTo(1);

        move(fourth, read(2), 2);
        assertThat(now().version()).isEqualTo(2);
        assertThat(now().ciphertext()).containsExactly(2);
        assertThat(store.move(KEK).orElseThrow().moved()).isEqualTo(1);
    }

    @Test
    void aMoveToAVersionThatIsNotCurrentIsNotStored() throws Exception {
        ReWrap first = ordered("first", 2);
        List<DataKey> heldUp = read(2);
        ordered("second", 1);

        conflict(() -> move(first, heldUp, 7));
        assertThat(now().version()).isEqualTo(1);
        assertThat(now().ciphertext()).containsExactly(1);
    }

    @Test
    void whatMovedMeanwhileStaysWhereItIs() throws Exception {
        // Given: two brokers read the same batch
        ReWrap move = ordered("first", 2);
        List<DataKey> one = read(2);
        List<DataKey> other = read(2);

        // When
        move(move, one, 2);
        move(move, other, 7);

        // Then: it moved once, and is counted once
        assertThat(now().ciphertext()).containsExactly(2);
        assertThat(store.move(KEK).orElseThrow().moved()).isEqualTo(1);
    }

    @Test
    void noDataKeyIsRegisteredUnderAVersionThatIsNotCurrent() throws Exception {
        ordered("first", 2);

        conflict(() -> store.insert(
                List.of(new DataKey("late", KEK, DataKeyAlgorithm.AES_256_GCM, 1, new byte[] {1}, Map.of(), NOW))));
        assertThat(store.find("late")).isEmpty();
    }
}
