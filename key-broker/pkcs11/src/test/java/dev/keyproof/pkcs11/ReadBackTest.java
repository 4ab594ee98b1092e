package dev.keyproof.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The comparison alone: whatever is done to a list of objects is named, and nothing else. */
class ReadBackTest {
    private static final TokenObject KEY = new TokenObject(
            "SECRET_KEY", "0a", "key", Map.of("CKA_DECRYPT", "true", "CKA_WRAP", "false", "CKA_LOCAL", "true"));

    @Test
    void namesEachAttributeThatChangedAppearedOrWent() {
        // Given
        TokenObject now = new TokenObject(
                "SECRET_KEY", "0a", "key", Map.of("CKA_DECRYPT", "true", "CKA_WRAP", "true", "CKA_DERIVE", "false"));

        // When / Then
        assertThat(ReadBack.compare(List.of(KEY), List.of(now)))
                .containsExactly(
                        new ReadBack.Changed(KEY, "CKA_DERIVE", "", "false"),
                        new ReadBack.Changed(KEY, "CKA_LOCAL", "true", ""),
                        new ReadBack.Changed(KEY, "CKA_WRAP", "false", "true"));
    }

    @Test
    void namesWhatIsMissingAndWhatNobodyOrdered() {
        TokenObject stranger = new TokenObject("SECRET_KEY", "0b", "key", KEY.attributes());

        assertThat(ReadBack.compare(List.of(KEY), List.of(stranger)))
                .containsExactly(new ReadBack.Missing(KEY), new ReadBack.Unordered(stranger));
        assertThat(ReadBack.compare(List.of(KEY), List.of(KEY, KEY))).containsExactly(new ReadBack.Unordered(KEY));
    }

    @Property(tries = 200, seed = "11")
    void findsNoDifferenceWhereThereIsNone(@ForAll("inventories") List<TokenObject> objects) {
        List<TokenObject> turned = new ArrayList<>(objects.reversed());

        assertThat(ReadBack.compare(objects, turned)).isEmpty();
    }

    @Property(tries = 200, seed = "12")
    void findsTheOneThatWasAddedTheOneThatWentAndTheFlagThatTurned(@ForAll("inventories") List<TokenObject> objects) {
        if (objects.isEmpty()) {
            return;
        }
        TokenObject first = objects.getFirst();
        List<TokenObject> fewer = objects.subList(1, objects.size());
        Map<String, String> turned = new TreeMap<>(first.attributes());
        turned.merge("CKA_WRAP", "new", (was, is) -> was + " turned");
        List<TokenObject> altered = new ArrayList<>(fewer);
        altered.add(new TokenObject(first.kind(), first.id(), first.label(), turned));

        assertThat(ReadBack.compare(fewer, objects)).hasSize(1).allMatch(ReadBack.Unordered.class::isInstance);
        assertThat(ReadBack.compare(objects, fewer)).hasSize(1).allMatch(ReadBack.Missing.class::isInstance);
        assertThat(ReadBack.compare(objects, altered)).isNotEmpty().allSatisfy(difference -> {
            assertThat(difference).isInstanceOf(ReadBack.Changed.class);
            assertThat(((ReadBack.Changed) difference).attribute()).isEqualTo("CKA_WRAP");
        });
    }

    /** Of few ids and labels, so that some objects have the same; those differ in no attribute that a test turns. */
    @Provide
    Arbitrary<List<TokenObject>> inventories() {
        Arbitrary<TokenObject> object = Combinators.combine(
                        Arbitraries.of("SECRET_KEY", "PRIVATE_KEY"),
                        Arbitraries.of("01", "02", "03"),
                        Arbitraries.of("a", "b"))
                .as((kind, id, label) -> new TokenObject(
                        kind, id, label, Map.of("CKA_WRAP", "false", "CKA_CHECK_VALUE", kind + id + label)));
        return object.list().ofMaxSize(8);
    }
}
