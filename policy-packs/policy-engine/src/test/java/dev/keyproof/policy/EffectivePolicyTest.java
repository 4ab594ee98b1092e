package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.EffectivePolicy.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation's own values over the packs, without a copy of the packs. */
final class EffectivePolicyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Overlay overlay(String name, String json) throws PolicyException {
        return Overlay.of(name, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parameters(EffectivePolicy policy) {
        return policy.bundle().data().at("/keyproof/parameters");
    }

    private static Map<String, String> origins(EffectivePolicy policy) {
        return policy.values().stream().collect(Collectors.toMap(Value::path, Value::origin));
    }

    @Test
    void whatItDoesNotSayStaysAsInThePacks() throws Exception {
        PolicyBundle packs = PolicyBundle.builtIn();

        EffectivePolicy none = EffectivePolicy.of(packs, List.of());
        EffectivePolicy one =
                EffectivePolicy.of(packs, List.of(overlay("own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}")));

        assertThat(none.bundle().data()).isEqualTo(packs.data());
        JsonNode expected = packs.data();
        ((ObjectNode) expected.at("/keyproof/parameters/quorums/DestroyKey")).put("approvers", 3);
        assertThat(one.bundle().data()).isEqualTo(expected);
        assertThat(none.values()).extracting(Value::origin).containsOnly("packs");
        assertThat(origins(one)).containsEntry("/quorums/DestroyKey/approvers", "own.json");
        assertThat(one.values())
                .filteredOn(value -> !value.origin().equals("packs"))
                .hasSize(1);
    }

    @Test
    void theLastThatSaysSomethingHolds() throws Exception {
        EffectivePolicy policy = EffectivePolicy.of(
                PolicyBundle.builtIn(),
                List.of(
                        overlay("1.json", "{'quorums':{'DestroyKey':{'approvers':3}},'destruction':{'minimumDays':9}}"),
                        overlay(
                                "2.json",
                                "{'quorums':{'DestroyKey':{'approvers':4}},'roles':{'auditor':['ListKeys']}}"),
                        overlay("3.json", "{'quorums':{'RotateKey':null}}")));

        assertThat(parameters(policy).at("/quorums/DestroyKey/approvers").asInt())
                .isEqualTo(4);
        assertThat(parameters(policy).at("/roles/auditor").toString())
                .as("lists are replaced whole")
                .isEqualTo("[\"ListKeys\"]");
        assertThat(origins(policy))
                .containsEntry("/quorums/DestroyKey/approvers", "2.json")
                .containsEntry("/roles/auditor", "2.json")
                .containsEntry("/destruction/minimumDays", "1.json");
    }

    /** The bundle tells its origins itself, to whoever holds it. */
    @Test
    void theBundleCarriesItsOrigins() throws Exception {
        PolicyBundle packs = PolicyBundle.builtIn();
        Overlay own = overlay("own.json", "{'destruction':{'minimumDays':9}}");

        EffectivePolicy policy = EffectivePolicy.of(packs, List.of(own));

        Map<String, byte[]> files = TarReader.files(policy.bundle().bytes());
        JsonNode origins = JSON.readTree(files.get("origins.json"));
        assertThat(origins.path("packs").asText()).isEqualTo(packs.digest());
        assertThat(origins.at("/overlays/0/digest").asText()).isEqualTo(own.digest());
        assertThat(origins.path("values")).isEqualTo(JSON.valueToTree(origins(policy)));
        TreeSet<String> names = new TreeSet<>(TarReader.files(packs.bytes()).keySet());
        names.add("origins.json");
        assertThat(files.keySet()).containsExactlyElementsOf(names);
    }

    @Test
    void theSameSourcesGiveTheSameBytes() throws Exception {
        Overlay own = overlay("own.json", "{'destruction':{'minimumDays':9}}");

        byte[] once = EffectivePolicy.of(PolicyBundle.builtIn(), List.of(own))
                .bundle()
                .bytes();

        assertThat(EffectivePolicy.of(PolicyBundle.builtIn(), List.of(own))
                        .bundle()
                        .bytes())
                .isEqualTo(once);
    }

    @Test
    void itDecidesByTheValuesInForce() throws Exception {
        EffectivePolicy three = EffectivePolicy.of(
                PolicyBundle.builtIn(), List.of(overlay("own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}")));

        PolicyEngine engine = PolicyEngine.load(three.bundle());
        assertThat(engine.authorise(Inputs.encrypt().put("operation", "DestroyKey"))
                        .quorum())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'quorums':{'DestroyKey':{'approvers':0}}}",
                "{'quorums':{'DestroyKey':null}}",
                "{'quorom':2}",
                "{'roles':null}",
                "{'operations':{'DestroyKey':{'effect':'manage'}}}"
            })
    void whatIsOutOfBoundsIsRefusedAndTheFileNamed(String json) throws Exception {
        Overlay wrong = overlay("own.json", json);

        assertThatThrownBy(() -> EffectivePolicy.of(PolicyBundle.builtIn(), List.of(wrong)))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy parameters are out of bounds: ")
                .hasMessageContaining("own.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "null", "{'a':1,'a':2}", "{} {}", "{'a':9007199254740993}"})
    void whatHasNoOneMeaningIsNoOverlay(String json) {
        assertThatThrownBy(() -> overlay("own.json", json))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("overlay own.json ");
    }

    @Test
    void aFolderIsReadInTheOrderOfItsNames(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("20-late.json"), "{}");
        Files.writeString(dir.resolve("10-early.json"), "{}");
        Files.writeString(dir.resolve("README.md"), "no overlay");

        assertThat(Overlay.folder(dir)).extracting(Overlay::name).containsExactly("10-early.json", "20-late.json");
        assertThat(Overlay.folder(dir.resolve("none"))).isEmpty();
    }

    /** To merge twice is to merge once, and the last has the last word. */
    @Property(tries = 10)
    void mergingAgainChangesNothing(@ForAll("quorums") int first, @ForAll("quorums") int second) throws Exception {
        Overlay one = overlay("1.json", "{'quorums':{'DestroyKey':{'approvers':" + first + "}}}");
        Overlay two = overlay("2.json", "{'quorums':{'DestroyKey':{'approvers':" + second + "}}}");
        PolicyBundle packs = PolicyBundle.builtIn();

        JsonNode both = EffectivePolicy.of(packs, List.of(one, two)).bundle().data();

        assertThat(both)
                .isEqualTo(EffectivePolicy.of(packs, List.of(two)).bundle().data());
        assertThat(both)
                .isEqualTo(EffectivePolicy.of(packs, List.of(one, two, two))
                        .bundle()
                        .data());
    }

    @Provide
    Arbitrary<Integer> quorums() {
        return Arbitraries.integers().between(2, 16);
    }
}
