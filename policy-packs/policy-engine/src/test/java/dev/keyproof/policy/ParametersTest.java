package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    private static PolicyBundle fromNetwork(String network) throws Exception {
        return parameters(p -> p.withArray("/conditions")
                .addObject()
                .put("name", "office")
                .putPOJO("operations", List.of("Encrypt"))
                .putPOJO("networks", List.of(network)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.1.0.0/16",
                "192.168.249.255/32",
                "::/0",
                "::1/128",
                "fd00::/8",
                "2001:db8::a:0/119",
                "2001:DB8:1:2:3:4:5:6/100"
            })
    void aNetworkIsOneThatCallsCanComeFrom(String network) throws Exception {
        assertThatCode(() -> PolicyEngine.load(fromNetwork(network))).doesNotThrowAnyException();
    }

    /** Else each call would be refused, as from elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.0.0/99",
                "10.1.0.0/33",
                "10.1.0.0/08",
                "10.1.0.0",
                "10.1.0/16",
                "10.1.0.256/16",
                "10.01.0.0/16",
                "fd00::/129",
                "fd00::/064",
                "fd00/8",
                ":::/64",
                "12345::/64",
                "1:2:3:4:5:6:7/64",
                "::ffff:10.1.0.0/112",
                "cafe/8"
            })
    void whatIsNoNetworkIsRefused(String network) throws Exception {
        PolicyBundle none = fromNetwork(network);

        assertThatThrownBy(() -> PolicyEngine.load(none))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy parameters are out of bounds: ")
                .hasMessageContaining("networks");
    }

    @Test
    void unknownParametersAreRefused() throws Exception {
        PolicyBundle unknown = parameters(p -> p.put("quorom", 2));

        assertThatThrownBy(() -> PolicyEngine.load(unknown)).hasMessageContaining("quorom");
    }
}
