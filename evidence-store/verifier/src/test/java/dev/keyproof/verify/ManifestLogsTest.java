package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The logs that a manifest lists. */
final class ManifestLogsTest {
    private static final TestingPack TESTING = new TestingPack();

    @Test
    void twoLogsInOneFolderAreRefused() {
        assertThat(broken(logs -> {
                    Manifest.Log log = logs.getFirst();
                    return List.of(log, new Manifest.Log("another/2026", log.path(), 0, log.size(), log.root()));
                }))
                .isEqualTo("manifest.json, logs: two logs stand in the folder log/2026");
    }

    private static String broken(UnaryOperator<List<Manifest.Log>> logs) {
        byte[] pack = TESTING.pack(
                TESTING.entries(8),
                TESTING.signer,
                files -> {},
                Optional.of(TESTING.timeStamps.at(Instant.now())),
                logs);
        return Verifying.broken(pack, TESTING.trust());
    }
}
