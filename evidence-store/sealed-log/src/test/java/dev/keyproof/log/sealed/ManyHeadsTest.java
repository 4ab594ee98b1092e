package dev.keyproof.log.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManyHeadsTest {
    private static final String ORIGIN = "keyproof/log/test";
    private static final int HEADS = 500;

    @TempDir
    Path dir;

    @Test
    void openingReadsTheLastHeadsAndFsckAll() throws Exception {
        // Given
        TestingSigner signer = TestingSigner.ed25519(ORIGIN);
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS)) {
            for (int i = 0; i < HEADS; i++) {
                log.append(List.of(("entry " + i).getBytes(UTF_8)), new byte[0]).join();
                log.publish(List.of(signer));
            }
        }
        Path heads = dir.resolve("store/heads");
        byte[] damaged = Files.readAllBytes(heads);
        assertThat(damaged.length).isGreaterThan(2 * 65_536);
        damaged[100] ^= 1;

        // When: an old head, far before the last, is damaged
        Files.write(heads, damaged);

        // Then: opening does not come by it, a check of everything does
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS)) {
            assertThat(log.lastHead().orElseThrow().size()).isEqualTo(HEADS);
        }
        assertThat(SealedLog.fsck(dir, List.of(signer.verifier())).faults())
                .anyMatch(fault -> fault.contains("the signed head at byte 0 is damaged"));

        // When: the way to the last one is lost as well
        Path durable = dir.resolve("store/durable");
        byte[] mark = Files.readAllBytes(durable);
        Arrays.fill(mark, 64, mark.length, (byte) 0);
        Files.write(durable, mark);

        // Then
        assertThatThrownBy(() -> SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS))
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining("the signed head at byte 0 is damaged");
    }
}
