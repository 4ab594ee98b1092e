package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicyEngineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyEngine engine;

    @BeforeAll
    void load() throws Exception {
        engine = PolicyEngine.load(PolicyBundle.builtIn(), 2);
    }

    @AfterAll
    void close() {
        engine.close();
    }

    @Test
    void anApplicationEncryptsWithAnActiveKey() throws Exception {
        ObjectNode input = encrypt();

        Decision decision = engine.authorise(input);

        assertThat(decision.reasons()).containsExactly("granted");
        assertThat(decision.allow()).isTrue();
        assertThat(decision.policyDigest()).matches("sha256:[0-9a-f]{64}");
        assertThat(decision.recorded(input).result()).isEqualTo(decision.result());
    }

    @Test
    void aStrangersRoleIsRefused() throws Exception {
        ObjectNode input = encrypt();
        input.withObject("/actor").putArray("roles").add("visitor");

        Decision decision = engine.authorise(input);

        assertThat(decision.allow()).isFalse();
        assertThat(decision.reasons()).containsExactly("role-not-permitted");
    }

    private static ObjectNode encrypt() throws Exception {
        return (ObjectNode) JSON.readTree("""
                {"operation":"Encrypt","actor":{"id":"payments","roles":["application"]},"request":{"batch":1},
                 "key":{"id":"01K","state":"active","purpose":"encrypt","algorithm":"AES_256_GCM"},
                 "approvals":null,"time":{"epoch":1763942400}}
                """);
    }
}
