package dev.keyproof.launcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class LogCrashCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path home;

    @Test
    void eachReportIsSealedWhereNoHouseRuns() throws Exception {
        // When
        assertThat(drill()).isZero();
        assertThat(drill()).isZero();

        // Then
        List<Path> seals = files(".sealed.json");
        assertThat(seals).hasSize(2);
        try (SealedLogReader log = SealedLogReader.open(home.resolve("drills/sealed/log"))) {
            assertThat(log.durableSize()).isEqualTo(2);
            for (Path seal : seals) {
                JsonNode sealed = MAPPER.readTree(Files.readAllBytes(seal));
                Path report = Path.of(seal.toString().replace(".sealed.json", ".json"));
                String digest = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(report)));
                assertThat(MAPPER.readTree(Files.readAllBytes(report))
                                .path("passed")
                                .asBoolean())
                        .isTrue();
                assertThat(new String(log.read(sealed.path("index").asLong(), 1).getFirst(), UTF_8))
                        .contains(digest)
                        .contains("log-crash");
                SignedHead head = SignedHead.parse(sealed.path("checkpoint").asText());
                assertThat(head.size()).isGreaterThan(sealed.path("index").asLong());
                assertThat(head.note()
                                .verifiedBy(List.of(
                                        NoteVerifier.parse(sealed.path("vkey").asText()))))
                        .hasSize(1);
            }
        }
    }

    private int drill() {
        return Main.commandLine()
                .execute("drill", "log-crash", "--times", "2", "--seed", "7", "--home", home.toString());
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(home.resolve("drills"))) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
