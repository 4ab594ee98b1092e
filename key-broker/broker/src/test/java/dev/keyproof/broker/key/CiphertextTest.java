package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.ulid.Ulid;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CiphertextTest {
    private static final String KEY = Ulid.fast().toString();

    @Property(tries = 300)
    void whatIsWrittenIsRead(@ForAll @IntRange(min = 1) int version, @ForAll @Size(min = 28, max = 200) byte[] sealed)
            throws ProblemException {
        Ciphertext read = Ciphertext.parse(new Ciphertext(KEY, version, sealed).bytes());

        assertThat(read.keyId()).isEqualTo(KEY);
        assertThat(read.version()).isEqualTo(version);
        assertThat(read.sealed()).isEqualTo(sealed);
    }

    @Property(tries = 300)
    void bytesThatAreNoneAreRefusedAsInput(@ForAll byte[] bytes) {
        try {
            assertThat(Ciphertext.parse(bytes).bytes()).isEqualTo(bytes);
        } catch (ProblemException e) {
            assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT);
        }
    }

    @Property(tries = 200)
    void theOrderOfAContextDoesNotMatter(@ForAll @Size(max = 8) Map<@AlphaChars String, String> context)
            throws ProblemException {
        Map<String, String> reversed = new LinkedHashMap<>();
        new TreeMap<>(context).descendingMap().forEach(reversed::put);

        byte[] one;
        try {
            one = Ciphertext.associatedData(KEY, 1, context);
        } catch (ProblemException e) {
            // A lone surrogate has no canonical form.
            assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT);
            return;
        }
        assertThat(Ciphertext.associatedData(KEY, 1, reversed)).isEqualTo(one);
    }

    @Test
    void theContextIsItsCanonicalJson() throws ProblemException {
        byte[] data = Ciphertext.associatedData(KEY, 1, Map.of("b", "2\"\\\n ", "a", "é"));

        assertThat(new String(Arrays.copyOfRange(data, 24, data.length), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"é\",\"b\":\"2\\\"\\\\\\n \"}");
    }

    @Test
    void anotherMagicIsRefused() {
        byte[] bytes = new Ciphertext(KEY, 1, new byte[28]).bytes();
        bytes[0] ^= 1;

        assertThatThrownBy(() -> Ciphertext.parse(bytes)).hasMessage("ciphertext: is none of this broker's");
    }
}
