package dev.keyproof.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.launcher.home.LauncherException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTest {
    @TempDir
    private Path folder;

    private final Spawner spawner = new Spawner();

    @Test
    void aPidFileKnowsItsProcessAndNoOtherThatGotItsNumber() throws Exception {
        // Given
        PidFile file = new PidFile(folder.resolve("part.pid"));
        ProcessId id = spawner.start(shell("sleep 60"), folder.resolve("part.log"));
        file.write(id);

        // When
        boolean found = file.running().isPresent();
        file.write(new ProcessId(id.pid(), id.start() - 1, id.boot()));
        boolean recycled = file.running().isPresent();
        file.write(new ProcessId(id.pid(), id.start(), "another boot"));
        boolean rebooted = file.running().isPresent();
        boolean byItself = Stopper.stop(id, Duration.ofSeconds(10));
        file.write(id);

        // Then
        assertThat(found).isTrue();
        assertThat(recycled).isFalse();
        assertThat(rebooted).isFalse();
        assertThat(byItself).isTrue();
        assertThat(file.running()).isEmpty();
    }

    @Test
    void whoDoesNotEndWhenAskedIsKilledWithItsChildren() throws Exception {
        // Given
        Path ready = folder.resolve("ready");
        ProcessId id = spawner.start(
                shell("trap '' TERM; sleep 61 & touch " + ready + "; while :; do wait; done"),
                folder.resolve("stubborn.log"));
        Awaitility.await().until(() -> Files.exists(ready));
        List<ProcessHandle> children =
                ProcessHandle.of(id.pid()).orElseThrow().descendants().toList();

        // When
        boolean byItself = Stopper.stop(id, Duration.ofMillis(300));

        // Then
        assertThat(byItself).isFalse();
        assertThat(id.alive()).isFalse();
        assertThat(children).isNotEmpty();
        Awaitility.await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aPartSeesNothingOfOurEnvironmentButTheUsual() throws Exception {
        // When
        String printed = spawner.run(
                new Command(List.of("/usr/bin/env"), Map.of("GIVEN", "yes"), folder), "", Duration.ofSeconds(10));

        // Then
        assertThat(printed.lines().map(line -> line.substring(0, line.indexOf('='))))
                .contains("GIVEN", "PATH")
                .isSubsetOf("GIVEN", "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "USER");
    }

    @Test
    void aProgramThatFailsIsQuoted() {
        // When / Then
        assertThatThrownBy(() -> spawner.run(
                        shell("echo all is well; echo error: no more paper; exit 3"), "", Duration.ofSeconds(10)))
                .isInstanceOf(LauncherException.class)
                .hasMessage("sh failed: error: no more paper");
    }

    @Test
    void aSecretIsReadFromStandardInput() throws Exception {
        // When
        String printed = spawner.run(shell("cat"), "the PIN", Duration.ofSeconds(10));

        // Then
        assertThat(printed).isEqualTo("the PIN");
    }

    @Test
    void aTakenPortIsSeen() throws Exception {
        // Given
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();

            // When / Then
            assertThat(PortCheck.free(port)).isFalse();
        }
        assertThat(PortCheck.free(port)).isTrue();
    }

    @Test
    void memoryIsCountedWithTheChildren() throws Exception {
        // Given
        long alone = Memory.pssKib(ProcessHandle.current().pid());

        // When
        long counted = Memory.pssKib(List.of(ProcessHandle.current().pid()));

        // Then
        assertThat(alone).isGreaterThan(10_000);
        assertThat(counted).isGreaterThan(alone / 2);
        assertThat(Memory.pssKib(List.of(0L))).isZero();
    }

    private Command shell(String script) {
        return new Command(List.of("/bin/sh", "-c", script), Map.of(), folder);
    }
}
