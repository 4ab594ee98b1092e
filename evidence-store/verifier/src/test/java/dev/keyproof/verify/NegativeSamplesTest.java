package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.verify.samples.Sample;
import dev.keyproof.verify.samples.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each sample is a real file with one defect, and the command names that defect first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NegativeSamplesTest {
    private static final Path FOLDER = Path.of("target/samples");

    /** After these some of the entries cannot be believed or read, so what follows from them is at fault as well. */
    private static final Set<Reason> MORE_FOLLOWS = EnumSet.of(
            Reason.ZIP_CRC,
            Reason.SCOPE_KIND,
            Reason.SCOPE_YEAR,
            Reason.LOG_KEY_FORM,
            Reason.LOG_FORKED,
            Reason.TILE_MISSING,
            Reason.TILE_SURPLUS,
            Reason.TILE_FORM,
            Reason.TILES_ROOT,
            Reason.BUNDLE_FORM,
            Reason.RECORD_FORM,
            Reason.PROOF_FALSE,
            Reason.RECORD_ORDER);

    private final List<Sample> samples = Samples.all();

    @Test
    void everyReasonHasOneSample() {
        assertThat(samples)
                .extracting(Sample::reason)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(Reason.values()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isNamedByItsReason(Sample sample) throws IOException {
        Sample.Written written = sample.write(FOLDER);
        String trust = written.trust().toString();
        String pack = written.pack().toString();

        JsonNode fault = CanonicalJson.MAPPER
                .readTree(run(1, "--json", "--trust", trust, pack))
                .path("fault");

        assertThat(fault.path("code").asText())
                .as(fault.toString())
                .isEqualTo(sample.reason().code());
        String place =
                fault.path("entry").isTextual() ? ", " + fault.path("entry").asText() : "";
        assertThat(fault.path("file").asText() + place + ": "
                        + fault.path("reason").asText())
                .startsWith(sample.says());
        assertThat(run(1, "--trust", trust, pack))
                .contains("BROKEN  " + sample.says())
                .contains(" [" + sample.reason().code() + "]\n");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void hasNoOtherDefect(Sample sample) {
        Verdict verdict =
                new PackVerifier(Clock.systemUTC()).verify(MemorySegment.ofArray(sample.pack()), sample.trust(), true);

        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        List<Fault> faults = ((Verdict.Broken) verdict).faults();
        assertThat(faults.getFirst().reason()).isEqualTo(sample.reason());
        assertThat(faults.size() > 1).as(faults.toString()).isEqualTo(MORE_FOLLOWS.contains(sample.reason()));
    }

    List<Sample> samples() {
        return samples;
    }

    private static String run(int exit, String... arguments) {
        StringWriter out = new StringWriter();
        assertThat(new CommandLine(new VerifyCommand())
                        .setOut(new PrintWriter(out))
                        .execute(arguments))
                .as(out.toString())
                .isEqualTo(exit);
        return out.toString();
    }
}
