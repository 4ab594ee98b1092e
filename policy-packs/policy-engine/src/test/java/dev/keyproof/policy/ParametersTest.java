package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an organisation may set, and the bounds that hold whatever it sets. */
final class ParametersTest {
    /** A bundle as somebody else may make it, whatever its parameters are. */
    private static PolicyBundle parameters(Consumer<ObjectNode> change) throws Exception {
        JsonNode data = PolicyBundle.builtIn().data();
        change.accept((ObjectNode) data.at("/keyproof/parameters"));
        TreeMap<String, byte[]> files =
                new TreeMap<>(TarReader.files(PolicyBundle.builtIn().bytes()));
        files.put("data.json", data.toString().getBytes(StandardCharsets.UTF_8));
        return PolicyBundle.of(TarWriter.archive(files));
    }

    @Test
    void otherParametersDecideOtherwiseUnderAnotherDigest() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        PolicyBundle three = parameters(p -> p.withObject("/quorums/DestroyKey").put("approvers", 3));
        ObjectNode destroy = Inputs.encrypt().put("operation", "DestroyKey");

        PolicyEngine own = PolicyEngine.load(bundle);
        PolicyEngine other = PolicyEngine.load(three);
        assertThat(own.authorise(destroy).quorum()).isEqualTo(2);
        assertThat(other.authorise(destroy).quorum()).isEqualTo(3);
        assertThat(other.policyDigest()).isNotEqualTo(own.policyDigest());
        assertThat(other.dataDigest()).isNotEqualTo(own.dataDigest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "17", "1.5"})
    void aQuorumIsAtLeastOneAndAtMostSixteen(String approvers) throws Exception {
        PolicyBundle wrong =
                parameters(p -> p.withObject("/quorums/DestroyKey").put("approvers", Double.parseDouble(approvers)));

        assertThatThrownBy(() -> PolicyEngine.load(wrong))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy parameters are out of bounds: ")
                .hasMessageContaining("approvers");
    }

    @Test
    void destructionCannotLoseItsQuorum() throws Exception {
        PolicyBundle none = parameters(p -> p.withObject("/quorums").remove("DestroyKey"));
        PolicyBundle harmless =
                parameters(p -> p.withObject("/operations/DestroyKey").put("effect", "manage"));

        assertThatThrownBy(() -> PolicyEngine.load(none)).hasMessageContaining("DestroyKey");
        assertThatThrownBy(() -> PolicyEngine.load(harmless)).hasMessageContaining("effect");
    }

    @Test
    void unknownParametersAreRefused() throws Exception {
        PolicyBundle unknown = parameters(p -> p.put("quorom", 2));

        assertThatThrownBy(() -> PolicyEngine.load(unknown)).hasMessageContaining("quorom");
    }
}
