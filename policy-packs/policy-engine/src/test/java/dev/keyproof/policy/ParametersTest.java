package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an organisation may set, and the bounds that hold whatever it sets. */
final class ParametersTest {
    private static ObjectNode parameters(Consumer<ObjectNode> change) throws PolicyException {
        ObjectNode parameters =
                (ObjectNode) PolicyBundle.builtIn().data().path("keyproof").path("parameters");
        change.accept(parameters);
        return parameters;
    }

    @Test
    void otherParametersDecideOtherwiseUnderAnotherDigest() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        ObjectNode three = parameters(p -> p.withObject("/quorums/DestroyKey").put("approvers", 3));
        ObjectNode destroy = Inputs.encrypt().put("operation", "DestroyKey");

        try (PolicyEngine own = PolicyEngine.load(bundle, 1);
                PolicyEngine other = PolicyEngine.load(bundle, three, 1)) {
            assertThat(own.authorise(destroy).quorum()).isEqualTo(2);
            assertThat(other.authorise(destroy).quorum()).isEqualTo(3);
            assertThat(other.policyDigest()).isEqualTo(own.policyDigest());
            assertThat(other.dataDigest()).isNotEqualTo(own.dataDigest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "17", "1.5"})
    void aQuorumIsAtLeastOneAndAtMostSixteen(String approvers) throws Exception {
        ObjectNode wrong =
                parameters(p -> p.withObject("/quorums/DestroyKey").put("approvers", Double.parseDouble(approvers)));

        assertThatThrownBy(() -> PolicyEngine.load(PolicyBundle.builtIn(), wrong, 1))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy parameters are out of bounds: ")
                .hasMessageContaining("approvers");
    }

    @Test
    void destructionCannotLoseItsQuorum() throws Exception {
        ObjectNode none = parameters(p -> p.withObject("/quorums").remove("DestroyKey"));
        ObjectNode harmless =
                parameters(p -> p.withObject("/operations/DestroyKey").put("effect", "manage"));

        assertThatThrownBy(() -> PolicyEngine.load(PolicyBundle.builtIn(), none, 1))
                .hasMessageContaining("DestroyKey");
        assertThatThrownBy(() -> PolicyEngine.load(PolicyBundle.builtIn(), harmless, 1))
                .hasMessageContaining("effect");
    }

    @Test
    void unknownParametersAreRefused() throws Exception {
        ObjectNode unknown = parameters(p -> p.put("quorom", 2));

        assertThatThrownBy(() -> PolicyEngine.load(PolicyBundle.builtIn(), unknown, 1))
                .hasMessageContaining("quorom");
    }
}
