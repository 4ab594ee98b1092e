package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has a canonical form has one of its own, and what has none is not taken for something else. */
class CanonicalJsonTest {
    private static ObjectNode read(String json) {
        return CanonicalJson.object(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static String form(String json) {
        return new String(CanonicalJson.bytes(read(json)), StandardCharsets.UTF_8);
    }

    @Test
    void whatCanBeWrittenIs() {
        assertThat(form("{\"b\":1.0,\"a\":[true,null,\"\\ud83d\\ude00\"],\"c\":1e21}"))
                .isEqualTo("{\"a\":[true,null,\"\uD83D\uDE00\"],\"b\":1,\"c\":1e+21}");
        assertThat(form("{\"a\":\"?\",\"b\":\"Infinity\"}")).isEqualTo("{\"a\":\"?\",\"b\":\"Infinity\"}");
        assertThat(form("{\"a\":1.7976931348623157e308}")).isEqualTo("{\"a\":1.7976931348623157e+308}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"x\\udc00y\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":[{\"b\":\"\\ud83d\"}]}",
                "{\"a\":1e999}",
                "{\"a\":-1e999}",
                "{\"a\":[[1e400]]}"
            })
    void whatCannotBeWrittenHasNoForm(String json) {
        assertThat(CanonicalJson.hasForm(read(json))).isFalse();
        assertThatThrownBy(() -> CanonicalJson.bytes(read(json))).isInstanceOf(IllegalArgumentException.class);
        BrokenPackException broken = catchThrowableOfType(
                BrokenPackException.class,
                () -> CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8), "manifest.json", "content"));
        assertThat(broken).hasMessageContaining("canonical form");
    }

    @Test
    void norHasAName() {
        ObjectNode named = CanonicalJson.MAPPER.createObjectNode().put("\uD800", 1);

        assertThat(CanonicalJson.hasForm(named)).isFalse();
        assertThatThrownBy(() -> CanonicalJson.bytes(named)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Digits beyond what any double holds. */
    @Test
    void aWholeNumberMayBeTooLargeAsWell() {
        ObjectNode large = read("{\"a\":1" + "0".repeat(400) + "}");

        assertThat(CanonicalJson.hasForm(large)).isFalse();
        assertThatThrownBy(() -> CanonicalJson.bytes(large)).isInstanceOf(IllegalArgumentException.class);
    }
}
