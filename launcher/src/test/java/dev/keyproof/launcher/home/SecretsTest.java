package dev.keyproof.launcher.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    private Path folder;

    @Test
    void areMadeOnceAndReadableByTheirOwnerAlone() throws Exception {
        // Given
        Secrets secrets = new Secrets(folder, new SecureRandom());

        // When
        String first = secrets.value("broker.pin");
        String again = new Secrets(folder, new SecureRandom()).value("broker.pin");

        // Then
        assertThat(first).matches("[0-9a-f]{48}").isEqualTo(again).isNotEqualTo(secrets.value("evidence.pin"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.file("broker.pin"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }
}
