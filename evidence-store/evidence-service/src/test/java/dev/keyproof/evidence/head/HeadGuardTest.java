package dev.keyproof.evidence.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class HeadGuardTest {
    private static String label = "";

    @BeforeAll
    static void token() throws Exception {
        label = TestingSeal.makeToken();
    }

    @Test
    void anOlderCopyOfTheLogsFolderIsRefusedAtStart(@TempDir Path dir) throws Exception {
        // Given
        String own = TestingSeal.makeToken();
        Path log = dir.resolve("log");
        Path copy = dir.resolve("copy");
        try (TestingSeal seal = new TestingSeal(log, own)) {
            seal.append("one");
            seal.publish();
        }
        TestingSeal.copy(log, copy);
        try (TestingSeal seal = new TestingSeal(log, own)) {
            seal.append("two");
            seal.publish();
        }

        // When
        assertThatThrownBy(() -> new TestingSeal(copy, own).close())
                // Then
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("whose head of 2 entries was signed: it is older, or another")
                .hasMessageNotContaining("\n");
        try (TestingSeal seal = new TestingSeal(log, own)) {
            seal.append("three");
            assertThat(seal.publish().size()).isEqualTo(3);
        }
    }

    @Test
    void aForkOfACloneIsRefusedAtSigning(@TempDir Path dir) throws Exception {
        // Given
        String own = TestingSeal.makeToken();
        Path log = dir.resolve("log");
        Path copy = dir.resolve("copy");
        try (TestingSeal seal = new TestingSeal(log, own)) {
            seal.append("one");
            seal.publish();
        }
        TestingSeal.copy(log, copy);
        try (TestingSeal seal = new TestingSeal(log, own);
                TestingSeal clone = new TestingSeal(copy, own)) {
            seal.append("two");
            SignedHead signed = seal.publish();

            // When: longer than what was signed, so that its size alone betrays nothing
            clone.append("other two");
            clone.append("other three");
            assertThatThrownBy(clone::publish)
                    // Then
                    .isInstanceOf(EvidenceException.class)
                    .hasStackTraceContaining("another process signs with it");
            assertThat(clone.logs.current().lastHead().orElseThrow().size()).isEqualTo(1);
            seal.append("three");
            assertThat(seal.publish().size()).isEqualTo(signed.size() + 1);
        }
    }

    @Test
    void aHeadThatWasRememberedAndNotSignedIsSignedAfterARestart(@TempDir Path dir) throws Exception {
        // Given: dies between the token's memory and the signature
        String own = TestingSeal.makeToken();
        Path log = dir.resolve("log");
        try (TestingSeal seal = new TestingSeal(log, own)) {
            seal.append("one");
            NoteSigner dead = seal.guard.guarding(new Dying(
                    seal.keys.logSigners(seal.logs.current().origin(), 1).getFirst()));
            assertThatThrownBy(() -> seal.logs.current().publish(List.of(dead))).hasMessageContaining("could not sign");
        }

        // When
        try (TestingSeal seal = new TestingSeal(log, own)) {
            assertThat(seal.guard.sizes().values()).containsExactly(1L);
            SignedHead head = seal.publish();

            // Then
            assertThat(head.size()).isEqualTo(1);
        }
    }

    @Test
    void aLogThatAnotherTokenSignedIsRefused(@TempDir Path dir) throws Exception {
        // Given
        Path log = dir.resolve("log");
        try (TestingSeal seal = new TestingSeal(log, TestingSeal.makeToken())) {
            seal.append("one");
            seal.publish();
        }
        String other = TestingSeal.makeToken();

        // When
        assertThatThrownBy(() -> new TestingSeal(log, other).close())
                // Then
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("was not signed by the keys of this token");
    }

    @Test
    void killedAroundTheSigningItNeverSignsTwoHistories(@TempDir Path dir) throws Exception {
        // Given
        Path log = dir.resolve("log");
        Random random = new Random(4);
        Map<Long, String> released = new HashMap<>();

        // When
        for (int run = 0; run < 6; run++) {
            Path out = dir.resolve("out-" + run);
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SigningProcess.class.getName(),
                            log.toString(),
                            label,
                            "run-" + run)
                    .redirectError(dir.resolve("err-" + run).toFile())
                    .redirectOutput(out.toFile())
                    .start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readAllLines(out).size() >= 8);
            process.waitFor(random.nextInt(120), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            for (String line : Files.readAllLines(out)) {
                String[] head = line.split(" ", -1);
                if (head.length == 2 && head[1].length() == 44) {
                    // Then
                    assertThat(released.put(Long.parseLong(head[0]), head[1]))
                            .as("size %s twice", head[0])
                            .isNull();
                }
            }
        }
        assertThat(released).hasSizeGreaterThanOrEqualTo(6 * 7);
        try (TestingSeal seal = new TestingSeal(log, label)) {
            SealedLog sealed = seal.logs.current();
            CompactRange tree = new CompactRange();
            TreeHasher hasher = new TreeHasher();
            for (long index = 0; index < sealed.size(); index++) {
                tree.append(hasher.leaf(sealed.entry(index)));
                String root = released.remove(tree.size());
                if (root != null) {
                    assertThat(tree.root().base64())
                            .as("head of %d", tree.size())
                            .isEqualTo(root);
                }
            }
            assertThat(released).as("heads beyond the log").isEmpty();
        }
    }

    /** Dies before it signs. */
    private record Dying(NoteSigner signer) implements NoteSigner {
        @Override
        public String name() {
            return signer.name();
        }

        @Override
        public int keyId() {
            return signer.keyId();
        }

        @Override
        public byte type() {
            return signer.type();
        }

        @Override
        public byte[] sign(byte[] message) throws GeneralSecurityException {
            throw new GeneralSecurityException("dead");
        }
    }
}
