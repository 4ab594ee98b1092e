package dev.keyproof.launcher.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeOnceAndReadEverAfter() throws Exception {
        // Given
        Path file = folder.resolve("config.yaml");

        // When
        Config made = Config.readOrMake(file, 30_000);
        Config read = Config.readOrMake(file, 40_000);

        // Then
        assertThat(read).isEqualTo(made);
        assertThat(read.ports().broker()).isEqualTo(30_000);
        assertThat(read.ports().byName()).hasSize(Ports.COUNT).containsValue(30_000 + Ports.COUNT - 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void namesTheKeyThatItDoesNotKnow() throws Exception {
        // Given
        Path file = folder.resolve("config.yaml");
        Config.readOrMake(file, 30_000);
        Files.writeString(file, Files.readString(file) + "colour: blue\n");

        // When / Then
        assertThatThrownBy(() -> Config.readOrMake(file, 0))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("unknown key 'colour'");
    }

    @Test
    void theLogsSegmentsAreMadeImmutableWhenAskedFor() throws Exception {
        // Given
        Path file = folder.resolve("config.yaml");
        String fresh = Files.readString(made(file));

        // When
        Config asked = Config.parse(file, fresh.replace("immutable: false", "immutable: true"));
        Config older = Config.parse(file, fresh.replaceAll("(?m)^log:\n  immutable: .*\n", ""));

        // Then
        assertThat(Config.parse(file, fresh).log().immutable()).isFalse();
        assertThat(asked.log().immutable()).isTrue();
        assertThat(fresh).contains("log:\n  immutable: false\n");
        assertThat(older).isEqualTo(Config.parse(file, fresh));
        assertRefused(file, fresh.replace("immutable: false", "immutable: maybe"), "maybe");
    }

    private static Path made(Path file) throws LauncherException {
        Config.readOrMake(file, 30_000);
        return file;
    }

    @Test
    void refusesAPortThatTwoPartsShare() throws Exception {
        // Given
        Path file = folder.resolve("config.yaml");
        Config.readOrMake(file, 30_000);
        Files.writeString(file, Files.readString(file).replace("console: 30001", "console: 30000"));

        // When / Then
        assertThatThrownBy(() -> Config.readOrMake(file, 0))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("are both 30000");
    }

    @Test
    void refusesWhatIsMissingOutOfRangeOrNoYaml() throws Exception {
        // Given
        Path file = folder.resolve("config.yaml");
        Config.readOrMake(file, 30_000);
        String good = Files.readString(file);

        // When / Then
        assertRefused(file, good.replaceAll("(?m)^name: .*\n", ""), "name");
        assertRefused(file, good.replaceAll("(?m)^name: .*", "name: Not_A_Name"), "name");
        assertRefused(file, good.replace("broker: 30000", "broker: 80"), "ports.broker is 80");
        assertRefused(file, good.replace("demo: 96", "demo: 1"), "heaps.demo is 1");
        assertRefused(file, ": [", "");
        assertRefused(file, "", "");
    }

    private static void assertRefused(Path file, String text, String saying) {
        assertThatThrownBy(() -> Config.parse(file, text))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(saying);
    }
}
