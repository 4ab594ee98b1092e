package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies are kept as they were at the start and as they come. */
class PolicyFilesTest {
    @TempDir
    private Path dir;

    @Test
    void whatIsPutInPlaceLaterIsReadOnce() throws Exception {
        Path bundle = Files.writeString(dir.resolve("bundle.tar.gz"), "first");
        Path data = Files.writeString(dir.resolve("data.json"), "{\"a\":1}");
        PolicyFiles files = new PolicyFiles(List.of(bundle), List.of(data));

        List<byte[]> begun = files.changed();
        assertThat(begun).hasSize(2);
        assertThat(begun.getFirst()).asString().isEqualTo("first");
        assertThat(PolicyBundle.read(begun.get(1)).dataDigest()).isNotNull();
        assertThat(files.changed()).isEmpty();

        Files.writeString(bundle, "another");
        assertThat(files.changed())
                .singleElement()
                .satisfies(one -> assertThat(one).asString().isEqualTo("another"));
        assertThat(files.changed()).isEmpty();
    }

    /** Whoever writes a file in place shows it half written to whoever reads it at that moment. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":", "[]", "1", "null"})
    void dataThatIsNoWholeObjectIsNoPolicy(String half) throws Exception {
        Path data = Files.writeString(dir.resolve("data.json"), half);
        byte[] bundle = new PolicyFiles(List.of(), List.of(data)).changed().getFirst();

        assertThatThrownBy(() -> PolicyBundle.read(bundle)).isInstanceOf(IOException.class);
    }

    @Test
    void whatCannotBeReadIsTriedAgain() throws Exception {
        Path bundle = dir.resolve("bundle.tar.gz");
        PolicyFiles files = new PolicyFiles(List.of(bundle), List.of());
        assertThatThrownBy(files::changed).isInstanceOf(EvidenceException.class);

        Files.writeString(bundle, "there");

        assertThat(files.changed()).hasSize(1);
    }
}
