package dev.keyproof.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody at a shell sees when the process cannot start: one line, exit code 2. */
@Tag("server")
final class AlertFeedProcessServerTest {
    private final Path file;

    AlertFeedProcessServerTest(@TempDir Path dir) {
        this.file = dir.resolve("config.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka: {bootstrap.servers: 'no.such.host.invalid:1'}|kafka: ",
                "kafka: {bootstrap.servers: 'localhost:1', security.protocol: NONE}|kafka: ",
                "surprise: 1|unknown key surprise"
            })
    void aFaultInTheConfigurationIsOneLine(String yaml, String said) throws Exception {
        Files.writeString(file, yaml);

        assertThat(ends(file.toString())).isEqualTo(2);

        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("alert-feed: " + file)
                .contains(said);
    }

    @Test
    void aTakenPortIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    file, "kafka: {bootstrap.servers: 'localhost:1'}\nhttp: {port: " + taken.getLocalPort() + "}");

            assertThat(ends(file.toString())).isEqualTo(2);
        }

        assertThat(lines()).singleElement().asString().contains("http.port is taken");
    }

    @Test
    void withoutAFileItSaysHowItIsCalled() throws Exception {
        assertThat(ends()).isEqualTo(2);

        assertThat(lines()).containsExactly("alert-feed: usage: AlertFeed CONFIG.yaml");
    }

    private int ends(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                // Two modules' test settings are on this class path, and logback would tell so.
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                AlertFeed.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out().toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private List<String> lines() throws Exception {
        return Files.readString(out(), UTF_8).lines().toList();
    }

    private Path out() {
        return file.resolveSibling("out");
    }
}
