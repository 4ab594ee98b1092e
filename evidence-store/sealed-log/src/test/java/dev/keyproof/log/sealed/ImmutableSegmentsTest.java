package dev.keyproof.log.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.Immutability;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImmutableSegmentsTest {
    private static final String ORIGIN = "keyproof/log/immutable";
    private static final LogOptions OPTIONS = new LogOptions(256 << 10, 4 << 20).withImmutable(true);

    @TempDir
    Path dir;

    private final TestingSigner signer = TestingSigner.ed25519(ORIGIN);

    @AfterEach
    void release() throws LogException {
        SealedLog.release(dir.resolve("log"));
    }

    private SealedLog open(LogOptions options) throws LogException {
        return SealedLog.open(dir.resolve("log"), ORIGIN, options);
    }

    private static void append(SealedLog log, int count) {
        log.append(Collections.nCopies(count, new byte[4]), new byte[0]).join();
    }

    @Test
    void sealedSegmentsCannotBeChangedUntilTheyAreReleased() throws Exception {
        assumeRoot();
        Path first = dir.resolve("log/store/segments/0000000000000000");
        try (SealedLog log = open(OPTIONS)) {
            append(log, 70_000);
            // Whole, but not under a signed head yet.
            assertThat(log.immutability()).isEqualTo(new Immutability(true, 0, 0, Optional.empty()));
            Files.setLastModifiedTime(first, Files.getLastModifiedTime(first));
            log.publish(List.of(signer));
            assertThat(log.immutability()).isEqualTo(new Immutability(true, 1, 1, Optional.empty()));
            append(log, 70_000);
            log.publish(List.of(signer));
            assertThat(log.immutability()).isEqualTo(new Immutability(true, 2, 2, Optional.empty()));
            assertThat(log.immutability().asAsked()).isTrue();
        }
        assertThatThrownBy(() -> Files.delete(first)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Files.write(first, new byte[1])).isInstanceOf(IOException.class);
        assertThat(SealedLog.fsck(dir.resolve("log"), List.of()).faults()).isEmpty();
        try (SealedLog log = open(LogOptions.DEFAULTS)) {
            append(log, 1);
            assertThat(log.immutability()).isEqualTo(new Immutability(false, 2, 2, Optional.empty()));
        }
        assertThat(SealedLog.release(dir.resolve("log"))).isEqualTo(2);
        Files.delete(first);
    }

    @Test
    void whatWasThereBeforeIsCoveredWhenTheLogIsOpened() throws Exception {
        assumeRoot();
        try (SealedLog log = open(LogOptions.DEFAULTS)) {
            append(log, 70_000);
            log.publish(List.of(signer));
            assertThat(log.immutability()).isEqualTo(new Immutability(false, 1, 0, Optional.empty()));
            assertThat(log.immutability().asAsked()).isTrue();
        }
        try (SealedLog log = open(OPTIONS)) {
            assertThat(log.immutability()).isEqualTo(new Immutability(true, 1, 1, Optional.empty()));
        }
    }

    @Test
    @Tag("server")
    void whereItIsNotPermittedTheLogGoesOnAndSaysSo() throws Exception {
        assumeRoot();
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-linux_immutable",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Unprivileged.class.getName(),
                        dir.resolve("log").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).contains("asked=true, whole=1, immutable=0").contains("CAP_LINUX_IMMUTABLE");
        assertThat(said.getLast()).isEqualTo("size 70001");
    }

    /** A process that may do all but this. */
    static final class Unprivileged {
        private Unprivileged() {}

        public static void main(String[] arguments) throws LogException {
            try (SealedLog log = SealedLog.open(Path.of(arguments[0]), ORIGIN, OPTIONS)) {
                append(log, 70_000);
                log.publish(List.of(TestingSigner.ed25519(ORIGIN)));
                System.out.println(log.immutability());
                append(log, 1);
                System.out.println("size " + log.size());
            }
        }
    }

    private static void assumeRoot() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "the flag needs root");
    }
}
