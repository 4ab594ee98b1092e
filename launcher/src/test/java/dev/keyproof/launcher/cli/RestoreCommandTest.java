package dev.keyproof.launcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.sealed.SealedLogReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill's own process is tested with the broker; here what is left of it. */
@Tag("server")
final class RestoreCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path home;

    @Test
    void aDrillThatWasRefusedIsSealedToo() throws Exception {
        // Given
        Path backup =
                Files.writeString(home.resolve("keys.json"), "{\"made\":\"now\",\"versions\":[],\"resident\":[]}");
        Path pin = Files.writeString(home.resolve("pin"), "1234");

        // When
        int code = Main.commandLine()
                .execute(
                        "drill",
                        "restore",
                        "--home",
                        home.toString(),
                        "--token",
                        "none",
                        "--module",
                        "/usr/lib/softhsm/libsofthsm2.so",
                        "--pin-file",
                        pin.toString(),
                        "--transcript",
                        home.resolve("transcript.json").toString(),
                        "--share",
                        home.resolve("share.json").toString(),
                        "--backup",
                        backup.toString());

        // Then
        assertThat(code).isEqualTo(1);
        Path seal = only(".sealed.json");
        Path report = Path.of(seal.toString().replace(".sealed.json", ".json"));
        JsonNode said = MAPPER.readTree(Files.readAllBytes(report));
        assertThat(said.path("passed").asBoolean(true)).isFalse();
        assertThat(said.path("refused").asText()).contains("has no keys");
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(report)));
        JsonNode sealed = MAPPER.readTree(Files.readAllBytes(seal));
        try (SealedLogReader log = SealedLogReader.open(home.resolve("drills/sealed/log"))) {
            assertThat(new String(log.read(sealed.path("index").asLong(), 1).getFirst(), UTF_8))
                    .contains(digest)
                    .contains("\"drill\":\"restore\"")
                    .contains("\"passed\":false");
        }
    }

    private Path only(String suffix) throws Exception {
        try (Stream<Path> all = Files.list(home.resolve("drills"))) {
            List<Path> found =
                    all.filter(file -> file.toString().endsWith(suffix)).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
