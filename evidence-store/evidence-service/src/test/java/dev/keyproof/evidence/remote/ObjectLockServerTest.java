package dev.keyproof.evidence.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.evidence.config.S3Place;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.testing.Peers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** Object Lock as servers keep it that somebody else wrote: one that enforces it, and one that pretends. */
@Tag("server")
final class ObjectLockServerTest {
    private static final byte[] CONTENT = "sealed".getBytes(UTF_8);
    private static final byte[] OTHER = "another history".getBytes(UTF_8);

    @TempDir
    static Path dir;

    private static Peers.Server enforcing;
    private static Peers.Server pretending;

    @BeforeAll
    static void start() throws Exception {
        enforcing = Peers.versitygw(dir.resolve("versitygw"));
        pretending = Peers.moto(dir.resolve("moto"));
        enforcing.bucket("locked", true);
        enforcing.bucket("unlocked", false);
        pretending.bucket("locked", true);
    }

    @AfterAll
    static void stop() {
        System.out.println(Peers.run());
        enforcing.close();
        pretending.close();
    }

    @Test
    void aServerThatEnforcesTheLockIsToldByTheProbe() throws Exception {
        try (Bucket bucket = bucket(enforcing, "s3://locked/probed")) {
            Probed probed = new Probe(bucket, Clock.systemUTC()).run();

            assertThat(probed.allowed()).isEmpty();
            assertThat(probed.verdict()).isEqualTo(Probed.Verdict.ENFORCED);
        }
    }

    @Test
    void aServerThatPretendsIsToldByTheProbe() throws Exception {
        try (Bucket bucket = bucket(pretending, "s3://locked/probed")) {
            // Given: what it says of itself
            try (S3Client s3 = pretending.client()) {
                assertThat(s3.getObjectLockConfiguration(request -> request.bucket("locked"))
                                .objectLockConfiguration()
                                .objectLockEnabled())
                        .isEqualTo(ObjectLockEnabled.ENABLED);
            }

            Probed probed = new Probe(bucket, Clock.systemUTC()).run();

            assertThat(probed.verdict()).isEqualTo(Probed.Verdict.PRETENDED);
            assertThat(probed.allowed())
                    .contains(Attack.SHORTEN.words(), Attack.TO_GOVERNANCE.words(), Attack.CLEAR.words());
            assertThat(probed.sentence()).contains("a pretence", "shortening its retention");
        }
    }

    @Test
    void aBucketWithoutObjectLockIsNotTakenForOne() {
        try (Bucket bucket = bucket(enforcing, "s3://unlocked")) {
            assertThatThrownBy(() -> new Probe(bucket, Clock.systemUTC()).run()).isInstanceOf(EvidenceException.class);
            assertThatThrownBy(() -> depositor(bucket, new ArrayList<>()).put("a", CONTENT))
                    .isInstanceOf(EvidenceException.class);
        } catch (EvidenceException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whereNothingMayBeDeletedTheLockIsUntested() throws Exception {
        // Given: everything is locked, what was to be the probe's unlocked object too
        enforcing.bucket("default", true);
        try (S3Client s3 = enforcing.client()) {
            s3.putObjectLockConfiguration(request -> request.bucket("default")
                    .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                            .rule(rule -> rule.defaultRetention(retention -> retention
                                    .mode(ObjectLockRetentionMode.COMPLIANCE)
                                    .days(1)))));
        }
        try (Bucket bucket = bucket(enforcing, "s3://default")) {
            assertThat(new Probe(bucket, Clock.systemUTC()).run().verdict()).isEqualTo(Probed.Verdict.UNTESTED);
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void anAttackOnWhatWasDepositedIsRefused(Attack attack) throws Exception {
        try (Bucket bucket = bucket(enforcing, "s3://locked/attacked")) {
            // Given
            String key = "log/2026/tile/entries/" + attack;
            depositor(bucket, new ArrayList<>()).put(key, CONTENT);
            Bucket.Stored stored = bucket.newest(key).orElseThrow();
            Instant until = bucket.lockedUntil(stored.version()).orElseThrow();

            // When, Then
            Instant wanted = attack == Attack.SHORTEN ? until.minus(1, ChronoUnit.DAYS) : until;
            assertThat(bucket.attack(attack, stored.version(), wanted)).isFalse();
            assertThat(bucket.get(stored.version()).content()).isEqualTo(CONTENT);
            assertThat(bucket.lockedUntil(stored.version())).contains(until);
        }
    }

    @Test
    void whatIsPutOverItOrHidesItLeavesItThere() throws Exception {
        try (Bucket bucket = bucket(enforcing, "s3://locked/over");
                S3Client s3 = enforcing.client()) {
            // Given
            List<String> foreign = new ArrayList<>();
            Depositor depositor = depositor(bucket, foreign);
            depositor.putForGood("a", CONTENT);
            Bucket.Version ours = bucket.newest("a").orElseThrow().version();

            // When
            assertThat(bucket.create("a", OTHER, Instant.now().plusSeconds(3600)))
                    .isEmpty();
            bucket.put("a", OTHER, Optional.empty());
            s3.deleteObject(request -> request.bucket("locked").key("over/a"));

            // Then
            assertThat(bucket.newest("a")).isEmpty();
            assertThat(bucket.get(ours).content()).isEqualTo(CONTENT);
            List<Bucket.Version> versions = new ArrayList<>();
            bucket.versions("a", versions::add);
            assertThat(versions).hasSize(2).contains(ours);
            assertThat(bucket.folders("")).isEmpty();
            assertThat(foreign).isEmpty();
        }
    }

    @Test
    void whereSomebodyElseWasFirstOursIsAnotherVersionAndItIsTold() throws Exception {
        try (Bucket bucket = bucket(enforcing, "s3://locked/squatted")) {
            // Given
            bucket.put("log/2026/tile/0/000", OTHER, Optional.empty());
            bucket.put("log/2026/tile/0/001", CONTENT, Optional.empty());
            List<String> foreign = new ArrayList<>();

            // When
            depositor(bucket, foreign).putForGood("log/2026/tile/0/000", CONTENT);
            depositor(bucket, foreign).putForGood("log/2026/tile/0/001", CONTENT);

            // Then: the second was ours by its content, but not locked
            assertThat(foreign).containsExactly("log/2026/tile/0/000");
            for (String key : List.of("log/2026/tile/0/000", "log/2026/tile/0/001")) {
                Bucket.Stored stored = bucket.newest(key).orElseThrow();
                assertThat(stored.content()).isEqualTo(CONTENT);
                assertThat(bucket.lockedUntil(stored.version())).isPresent();
            }
            assertThat(bucket.folders("log/")).containsExactly("2026");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        try (Bucket bucket = S3Bucket.open(
                S3Place.parse("s3://locked"),
                Optional.of(java.net.URI.create("http://127.0.0.1:9")),
                "us-east-1",
                Optional.of(enforcing.credentials()))) {
            assertThatThrownBy(() -> bucket.newest("a"))
                    .isInstanceOf(EvidenceException.class)
                    .hasMessageStartingWith("s3://locked: ");
        }
    }

    private static Depositor depositor(Bucket bucket, List<String> foreign) {
        return new Depositor(bucket, Clock.systemUTC(), Duration.ofDays(2), foreign::add);
    }

    private static Bucket bucket(Peers.Server server, String place) throws EvidenceException {
        return S3Bucket.open(
                S3Place.parse(place), Optional.of(server.endpoint()), "us-east-1", Optional.of(server.credentials()));
    }
}
