package dev.keyproof.panels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PanelTest {
    private static final long HOUR = 3_600_000;

    static List<Panel> panels() {
        return new Panels().all();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void everyPlaceholderIsResolvedAndTheRangeIsAsked(Panel panel) {
        ObjectNode search = panel.search(10 * HOUR, 11 * HOUR);

        assertThat(search.toString()).doesNotContain("%");
        JsonNode range = search.at("/query/bool/filter/0/range").elements().next();
        assertThat(range.path("gte").asLong()).isEqualTo(10 * HOUR);
        assertThat(range.path("lt").asLong()).isEqualTo(11 * HOUR);
    }

    @ParameterizedTest
    @MethodSource("panels")
    void everyFieldThatAPanelReadsIsMappedInItsIndex(Panel panel) throws IOException {
        JsonNode template;
        try (InputStream in = PanelTest.class.getResourceAsStream("/keyproof/indices/" + panel.index() + ".json")) {
            template = new ObjectMapper().readTree(in);
        }
        List<String> fields = new ArrayList<>();
        collectFields(panel.search(0, HOUR), fields);

        assertThat(fields).isNotEmpty().allSatisfy(field -> {
            String pointer = "/template/mappings/properties/" + field.replace(".", "/properties/");
            assertThat(template.at(pointer).has("type")).as(field).isTrue();
        });
    }

    @Test
    void aFilledPanelHoldsTheBucketsAndNoSearch() throws IOException {
        Panel panel = new Panels().named("operations").orElseThrow();
        JsonNode answer = new ObjectMapper()
                .readTree("{\"aggregations\":{\"cells\":{\"buckets\":[{\"key\":{\"time\":1},\"doc_count\":7}]}}}");

        ObjectNode filled = panel.filled(answer);

        assertThat(filled.at("/data/values/0/doc_count").asInt()).isEqualTo(7);
        assertThat(filled.at("/data/url").isMissingNode()).isTrue();
        assertThat(panel.specification().at("/data/url").isMissingNode()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 1s", "60000, 1s", "300000, 5s", "3600000, 30s", "86400000, 30m", "31536000000, 7d"})
    void aRangeIsCutIntoAtMost120Bars(long millis, String interval) {
        assertThat(TimeInterval.forRange(millis).expression()).isEqualTo(interval);
    }

    @Test
    void aRangeThatEndsBeforeItStartsIsRefused() {
        Panel panel = panels().getFirst();

        assertThatThrownBy(() -> panel.search(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void collectFields(JsonNode node, List<String> fields) {
        if (node.has("field")) {
            fields.add(node.get("field").asText());
        }
        node.forEach(child -> collectFields(child, fields));
    }
}
