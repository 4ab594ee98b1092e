package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class VerifyCommandTest {
    private static final TestingPack TESTING = new TestingPack();

    @TempDir
    Path dir;

    private Path pack = Path.of("pack.zip");
    private Path anchor = Path.of("anchor.trust");

    private record Said(int exit, String out) {}

    @BeforeEach
    void write() throws IOException {
        pack = Files.write(dir.resolve("pack.zip"), TESTING.pack(TESTING.entries(20)));
        anchor = Files.writeString(dir.resolve("anchor.trust"), TESTING.trust().text());
    }

    @Test
    void provenIsZero() {
        Said said = run(pack.toString(), "--trust", anchor.toString());

        assertThat(said.exit).isZero();
        assertThat(said.out)
                .contains("Signer    Test signer under Test signer root (trusted)")
                .contains("keyproof/log/test/2026: 20 entries")
                .contains("says Test time")
                .contains("17 decisions under 1 policies in the pack")
                .contains("PROVEN");
    }

    @Test
    void anOlderPackIsComparedWith() {
        Said said = run(pack.toString(), "--trust", anchor.toString(), "--older", pack.toString());

        assertThat(said.exit).isZero();
        assertThat(said.out).contains("is the log of which pack.zip holds the first 20 entries");
    }

    @Test
    void withoutATrustFileItIsThree() {
        Said said = run(pack.toString());

        assertThat(said.exit).isEqualTo(3);
        assertThat(said.out).contains("CONSISTENT, SIGNER UNPROVEN").contains("--trust FILE");
    }

    @Test
    void somebodyElsesIsOneWithTheTrustFileAndThreeWithout() throws IOException {
        Files.write(pack, TESTING.pack(TESTING.entries(20), TestingAuthority.signer("Somebody else"), files -> {}));

        assertThat(run(pack.toString()).exit).isEqualTo(3);
        Said said = run(pack.toString(), "--trust", anchor.toString());
        assertThat(said.exit).isEqualTo(1);
        assertThat(said.out)
                .contains("BROKEN  trust/signer.pem: signed by Somebody else")
                .contains(" [signer-untrusted]\n");
    }

    @Test
    void noPackIsTwo() throws IOException {
        Files.writeString(dir.resolve("text"), "this is no pack at all, however long it is");

        assertThat(run(dir.resolve("text").toString()).exit).isEqualTo(2);
        assertThat(run(dir.resolve("absent").toString()).exit).isEqualTo(2);
        assertThat(run(dir.toString()).exit).isEqualTo(2);
    }

    @Test
    void aTrustFileThatCannotBeReadIsTwoAndNamesTheLine() throws IOException {
        Files.writeString(anchor, "keyproof-trust/v1\nsigner\nnonsense\n");

        Said said = run(pack.toString(), "--trust", anchor.toString());

        assertThat(said.exit).isEqualTo(2);
        assertThat(said.out).contains("not a trust file: line 2: no certificate follows");
    }

    @Test
    void programsReadJson() throws IOException {
        JsonNode json = CanonicalJson.MAPPER.readTree(run(pack.toString(), "--json", "--trust", anchor.toString()).out);

        assertThat(json.path("verdict").asText()).isEqualTo("proven");
        assertThat(json.path("exit").asInt()).isZero();
        assertThat(json.at("/logs/0/size").asLong()).isEqualTo(20);
    }

    @Test
    void programsReadWhereAFaultIs() throws IOException {
        byte[] bent = Files.readAllBytes(pack);
        bent[bent.length - 5] ^= 1;
        Files.write(pack, bent);

        JsonNode json = CanonicalJson.MAPPER.readTree(run(pack.toString(), "--json").out);

        assertThat(json.path("verdict").asText()).isEqualTo("broken");
        assertThat(json.at("/fault/file").asText()).isEqualTo("zip end");
        assertThat(json.at("/fault/code").asText()).isEqualTo("zip-end");
    }

    @Test
    void theTrustFileSurvivesBeingWrittenAndRead() throws UnreadableException {
        TrustFile trust = TESTING.trust();

        assertThat(TrustFile.parse(trust.text())).isEqualTo(trust);
    }

    @Test
    @Tag("server")
    void aProcessOfItsOwnSaysTheSame() throws Exception {
        Path bent = dir.resolve("bent.zip");
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 3] ^= 4;
        Files.write(bent, bytes);

        assertThat(process(pack.toString(), "--trust", anchor.toString())).isZero();
        assertThat(process(pack.toString())).isEqualTo(3);
        assertThat(process(bent.toString(), "--trust", anchor.toString())).isEqualTo(1);
        assertThat(process(dir.resolve("absent").toString())).isEqualTo(2);
    }

    private int process(String... arguments) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                VerifyCommand.class.getName()));
        command.addAll(java.util.List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("said").toFile())
                .start()
                .waitFor();
    }

    private static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(arguments);
        return new Said(exit, out.toString());
    }
}
