package dev.keyproof.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerFolderTest {
    @TempDir
    private Path dir;

    @Test
    void deletesALogWhoseSegmentsWereMadeImmutable() throws Exception {
        // Given
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "the flag needs root");
        Home home = Home.at(dir.resolve("home"));
        Files.createDirectories(home.log());
        LogOptions options = LogOptions.DEFAULTS.withImmutable(true);
        try (SealedLog log = SealedLog.open(home.log().resolve("2026"), "keyproof/log/test/2026", options)) {
            log.append(Collections.nCopies(70_000, new byte[1]), new byte[0]).join();
            log.publish(List.of(anyone()));
            assertThat(log.immutability().immutable()).isEqualTo(1);
        }

        // When
        ServerFolder.purge(home);

        // Then
        assertThat(home.root()).doesNotExist();
    }

    private static NoteSigner anyone() {
        return new NoteSigner() {
            @Override
            public String name() {
                return "anyone";
            }

            @Override
            public int keyId() {
                return 1;
            }

            @Override
            public byte type() {
                return NoteKey.ED25519;
            }

            @Override
            public byte[] sign(byte[] message) {
                return new byte[64];
            }
        };
    }
}
