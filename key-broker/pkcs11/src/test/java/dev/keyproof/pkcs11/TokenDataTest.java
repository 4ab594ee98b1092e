package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TokenDataTest {
    @Test
    void keepsTheLastValueAcrossLogins() throws Exception {
        // Given
        String label = made();
        try (Token token = SoftHsm.open(label, 1)) {
            TokenData data = token.data("head");
            assertThat(data.read()).isEmpty();
            long seen = 0;
            for (int i = 1; i <= 5; i++) {
                seen = data.replace(seen, bytes("value " + i)).sequence();
            }
        }

        // When
        try (Token token = SoftHsm.open(label, 1)) {
            TokenData.Value value = token.data("head").read().orElseThrow();

            // Then
            assertThat(value.sequence()).isEqualTo(5);
            assertThat(value.bytes()).isEqualTo(bytes("value 5"));
            assertThat(token.data("other").read()).isEmpty();
            assertThat(token.keys()).isEmpty();
        }
    }

    @Test
    void ofTwoThatSawTheSameOnlyOneReplaces() throws Exception {
        // Given
        String label = made();
        try (Token one = SoftHsm.open(label, 1);
                Token other = SoftHsm.open(label, 1)) {
            long seen = one.data("head").replace(0, bytes("first")).sequence();
            assertThat(other.data("head").read().orElseThrow().sequence()).isEqualTo(seen);
            one.data("head").replace(seen, bytes("one"));

            // When
            assertThatThrownBy(() -> other.data("head").replace(seen, bytes("other")))
                    .isInstanceOf(TokenException.Overtaken.class)
                    .hasMessageContaining("head");

            // Then
            assertThat(other.data("head").read().orElseThrow().bytes()).isEqualTo(bytes("one"));
        }
    }

    @Test
    void aValueTornWhereverItsFileEndsLeavesTheOneBefore() throws Exception {
        // Given
        String label = made();
        try (Token token = SoftHsm.open(label, 1)) {
            TokenData data = token.data("head");
            data.replace(data.replace(0, bytes("before")).sequence(), bytes("after"));
        }
        Path newest = newestObject();
        byte[] whole = Files.readAllBytes(newest);

        for (int length = 0; length < whole.length; length += 23) {
            // When
            Files.write(newest, java.util.Arrays.copyOf(whole, length));
            String read;
            try (Token token = SoftHsm.open(label, 1)) {
                read = new String(token.data("head").read().orElseThrow().bytes(), StandardCharsets.UTF_8);
            }

            // Then
            assertThat(read)
                    .as("torn after %d of %d bytes", length, whole.length)
                    .isEqualTo("before");
        }
    }

    /** The file that SoftHSM wrote last. */
    private static Path newestObject() throws Exception {
        Path tokens = Path.of(System.getenv("SOFTHSM2_CONF")).resolveSibling("tokens");
        try (Stream<Path> files = Files.walk(tokens)) {
            List<Path> objects = files.filter(
                            file -> file.toString().endsWith(".object") && !file.endsWith("token.object"))
                    .sorted(Comparator.<Path, FileTime>comparing(TokenDataTest::written))
                    .toList();
            return objects.getLast();
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String made() throws Exception {
        String label = "data-" + UUID.randomUUID().toString().substring(0, 8);
        SoftHsm.make(label);
        return label;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
