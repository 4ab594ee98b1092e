package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyBundle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule holds what the device reads back against what policy says of the algorithm. */
class AlgorithmTest {
    @ParameterizedTest
    @EnumSource
    void policySaysOfItWhatTheBrokerMakes(Algorithm algorithm) throws Exception {
        JsonNode known = PolicyBundle.builtIn().data().at("/keyproof/parameters/algorithms/" + algorithm.name());

        assertThat(known.path("bits").asInt()).isEqualTo(algorithm.bits());
        assertThat(texts(known.path("keyTypes"))).contains(algorithm.keyType());
        assertThat(texts(known.path("purposes")))
                .containsExactlyInAnyOrderElementsOf(
                        algorithm.purposes().stream().map(Purpose::json).toList());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
