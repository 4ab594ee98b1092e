package dev.keyproof.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restoring and comparing are tested with the evidence service; here that its process gets the options and that its exit code comes back. */
@Tag("server")
final class EvidenceToolTest {
    @TempDir
    private Path dir;

    @Test
    void theOptionsAreThoseOfTheOtherProcess() throws Exception {
        Path trust = Files.writeString(dir.resolve("anchor.trust"), "keyproof-trust/v1\n");
        Path credentials = Files.writeString(
                dir.resolve("credentials"), "[default]\naws_access_key_id = a\naws_secret_access_key = b\n");

        assertThat(Main.commandLine().execute("evidence", "restore", "--help")).isZero();
        assertThat(Main.commandLine().execute("evidence", "restore", "--from", "s3://x1x"))
                .isEqualTo(2);
        assertThat(Main.commandLine()
                        .execute(
                                "evidence",
                                "restore",
                                "--from",
                                "s3://x1x",
                                "--endpoint",
                                "http://127.0.0.1:9",
                                "--credentials",
                                credentials.toString(),
                                "--home",
                                dir.resolve("home").toString(),
                                "--trust",
                                trust.toString()))
                .isEqualTo(1);
        assertThat(dir.resolve("home/log")).doesNotExist();
    }

    @Test
    void aComparisonIsOfTheHomesConfiguration() {
        assertThat(Main.commandLine().execute("evidence", "compare", "--help")).isZero();
        assertThat(Main.commandLine()
                        .execute("evidence", "compare", "--home", dir.toString(), "--trust", "anchor.trust"))
                .isEqualTo(1);
    }
}
