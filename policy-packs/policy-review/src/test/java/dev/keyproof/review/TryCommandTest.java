package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.review.TestingRepository.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One decision, explained by the packs that ship. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TryCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyEngine engine;
    private Path bundle;

    @TempDir
    private Path dir;

    @BeforeAll
    void load(@TempDir Path shared) throws Exception {
        engine = PolicyEngine.load(PolicyBundle.builtIn());
        bundle = Files.write(
                shared.resolve("bundle.tar.gz"), PolicyBundle.builtIn().bytes());
    }

    private Said tried(JsonNode given, String... more) throws Exception {
        Path file = Files.writeString(dir.resolve("given.json"), given.toString());
        return TestingRepository.policy(
                Stream.concat(Stream.of("try", file.toString(), "--bundle", bundle.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static ObjectNode suspended() {
        ObjectNode input = TestingHistory.input("Sign", "payments", "application", "K2", "sign");
        input.withObject("/key").put("state", "suspended");
        return input;
    }

    @Test
    void anInputIsDecidedAndExplained() throws Exception {
        Said said = tried(suspended());

        assertThat(said.code()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out())
                .startsWith("denied: Sign by payments on K2\n  reasons      key-state\n")
                .contains("policy       " + engine.policyDigest(), "data         " + engine.dataDigest())
                .contains("""

                          FAILS  key-state
                                   input key = true
                                   input key.state = "suspended"
                                   input operation = "Sign"
                                   asked operations.Sign.states = ["active"]
                        """.stripTrailing())
                .contains("\n  holds  role-not-permitted\n")
                .contains("the caller may be told\n  key-state\n")
                .doesNotContain("sealed:");
    }

    @Test
    void aSealedEventIsHeldAgainstItsResult() throws Exception {
        ObjectNode event = new TestingHistory(engine).event("operation", suspended());

        assertThat(tried(event)).satisfies(said -> {
            assertThat(said.code()).isZero();
            assertThat(said.out()).endsWith("\nsealed: the same result, under this policy\n");
        });

        ((ObjectNode) event.at("/unmapped/keyproof/decision/result")).put("allow", true);
        ((ObjectNode) event.at("/unmapped/keyproof/decision")).put("policy", "sha256:00");
        assertThat(tried(event)).satisfies(said -> {
            assertThat(said.code()).isEqualTo(1);
            assertThat(said.out())
                    .contains("\nsealed: ANOTHER RESULT, {\"allow\":true", "under another policy, sha256:00");
        });
        Said json = tried(event, "--json");
        assertThat(json.code()).isEqualTo(1);
        JsonNode answer = JSON.readTree(json.out());
        assertThat(answer.path("allow").asBoolean()).isFalse();
        assertThat(answer.at("/sealed/same").asBoolean(true)).isFalse();
        assertThat(answer.at("/result/reasons/0").asText()).isEqualTo("key-state");
        assertThat(answer.path("checks").size()).isGreaterThan(20);
        assertThat(answer.at("/told/0/read/key.state").asText()).isEqualTo("suspended");
    }

    @Test
    void whatIsNoInputIsSaidInALine() throws Exception {
        assertThat(tried(JSON.createObjectNode()).err())
                .endsWith("is no input of a decision, and no event that has one\n");
        assertThat(TestingRepository.policy("try", dir.resolve("none.json").toString(), "--bundle", bundle.toString()))
                .satisfies(said -> {
                    assertThat(said.code()).isEqualTo(2);
                    assertThat(said.err()).isEqualTo("keyproof: " + dir.resolve("none.json") + ": no such file\n");
                });
        assertThat(TestingRepository.policy(
                                "try",
                                Files.writeString(
                                                dir.resolve("input.json"),
                                                suspended().toString())
                                        .toString(),
                                "--bundle",
                                dir.resolve("no.tar.gz").toString())
                        .err())
                .contains("no.tar.gz cannot be read");
    }

    /** There is no policy to be loaded, and nobody gets to know. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''      | is no input of a decision, and no event that has one",
                "[1]     | is no input of a decision, and no event that has one",
                "{\"a\": | cannot be read as JSON"
            })
    void theFileIsLookedAtBeforeThePolicy(String text, String said) throws Exception {
        Path file = Files.writeString(dir.resolve("given.json"), text);

        assertThat(TestingRepository.policy("try", file.toString(), "--bundle", "/no/such/bundle"))
                .isEqualTo(new Said(2, "", "keyproof: " + file + " " + said + "\n"));
    }
}
