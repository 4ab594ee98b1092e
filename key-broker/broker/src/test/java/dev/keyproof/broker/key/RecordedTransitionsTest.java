package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyBundle;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rules hold for legal on the record is what the broker's table permits: neither more nor less. */
final class RecordedTransitionsTest {
    @ParameterizedTest
    @EnumSource(KeyState.class)
    void theRulesKnowTheBrokersTransitions(KeyState state) throws Exception {
        Set<String> permitted = new TreeSet<>();
        for (Lifecycle.Change change : Lifecycle.Change.values()) {
            Stream.of(true, false)
                    .map(ordered -> Lifecycle.after(state, ordered, change))
                    .flatMap(Optional::stream)
                    .forEach(after -> permitted.add(after.json()));
        }
        JsonNode parameters = PolicyBundle.builtIn().data().at("/keyproof/parameters");
        if (updated(parameters, state)) {
            permitted.add(state.json());
        }

        Set<String> known = new TreeSet<>();
        parameters.path("transitions").path(state.json()).forEach(after -> known.add(after.asText()));

        assertThat(known).isEqualTo(permitted);
    }

    /** An update changes what is said of a key and leaves its state. */
    private static boolean updated(JsonNode parameters, KeyState state) {
        for (JsonNode one : parameters.at("/operations/UpdateKey/states")) {
            if (one.asText().equals(state.json())) {
                return true;
            }
        }
        return false;
    }
}
