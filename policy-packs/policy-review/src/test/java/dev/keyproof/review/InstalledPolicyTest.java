package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.cli.PolicyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An installation's own policy, as its operator prints it and puts it in force. */
class InstalledPolicyTest {
    @TempDir
    private Path home;

    private Path packs = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void packs() throws Exception {
        packs = Files.write(home.resolve("packs.tar.gz"), PolicyBundle.builtIn().bytes());
    }

    private int run(String command, String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = new CommandLine(new PolicyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] all = new String[words.length + 5];
        all[0] = command;
        all[1] = "--home";
        all[2] = home.toString();
        all[3] = "--bundle";
        all[4] = packs.toString();
        System.arraycopy(words, 0, all, 5, words.length);
        return line.execute(all);
    }

    private Path policy(String name) {
        return home.resolve("policy").resolve(name);
    }

    private void overlay(String name, String json) throws Exception {
        Files.createDirectories(policy("overlays"));
        Files.writeString(policy("overlays").resolve(name), json.replace('\'', '"'));
    }

    private PolicyBundle installed() throws PolicyException {
        return BundleTrust.of(policy("signing-key.pub.pem"), "RS256", false).read(policy("bundle.tar.gz"));
    }

    @Test
    void eachValueIsPrintedWithItsOrigin() throws Exception {
        overlay("10-own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}");
        Path tried = Files.writeString(home.resolve("tried.json"), "{\"destruction\":{\"minimumDays\":9}}");

        assertThat(run("effective", "--overlay", tried.toString()))
                .as("%s", err)
                .isZero();
        assertThat(out.toString().lines())
                .contains(
                        "/quorums/DestroyKey/approvers = 3  [10-own.json]",
                        "/destruction/minimumDays = 9  [tried.json]")
                .anyMatch(line -> line.endsWith("  [packs]"));

        assertThat(run("effective", "--json")).isZero();
        JsonNode values = new ObjectMapper().readTree(out.toString()).path("values");
        assertThat(values)
                .filteredOn(value -> !value.path("origin").asText().equals("packs"))
                .singleElement()
                .satisfies(value -> assertThat(value.toString())
                        .isEqualTo(
                                "{\"path\":\"/quorums/DestroyKey/approvers\",\"origin\":\"10-own.json\",\"value\":3}"));
    }

    @Test
    void onlyWhatOverlaysSayIsPrintedOnDemand() throws Exception {
        assertThat(run("effective", "--changed")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run("effective", "--changed", "--json")).isZero();
        assertThat(out.toString()).isEqualTo("{\"values\":[]}\n");

        overlay("10-own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}");
        assertThat(run("effective", "--changed")).isZero();
        assertThat(out.toString()).isEqualTo("/quorums/DestroyKey/approvers = 3  [10-own.json]\n");
    }

    @Test
    void whatIsNotThereIsSaidInALine() throws Exception {
        assertThat(TestingRepository.policy(
                        "effective", "--home", home.resolve("none").toString(), "--bundle", packs.toString()))
                .isEqualTo(new TestingRepository.Said(
                        2, "", "keyproof: there is no installation in " + home.resolve("none") + ": no such folder\n"));
        Path none = home.resolve("none.json");
        assertThat(run("effective", "--overlay", none.toString())).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("keyproof: the overlays cannot be in force: overlay " + none + ": no such file\n");

        overlay("10-own.json", "{'nosuch': 1, 'throttle': {'neither': 2}}");
        assertThat(run("effective")).isEqualTo(2);
        assertThat(err.toString())
                .contains("out of bounds: ", "/nosuch is no parameter", "/throttle/neither is no parameter");
    }

    @Test
    void whatIsOutOfBoundsLeavesWhatIsInForce() throws Exception {
        assertThat(run("install")).as("%s", err).isZero();
        String before = installed().digest();
        overlay("10-own.json", "{'quorums':{'DestroyKey':{'approvers':0}}}");

        assertThat(run("install")).isEqualTo(2);
        assertThat(err.toString())
                .contains("out of bounds")
                .contains("approvers")
                .contains("10-own.json");
        assertThat(run("effective")).isEqualTo(2);
        assertThat(installed().digest()).isEqualTo(before);
    }

    @Test
    void aChangedOverlayIsInstalledAndTheSameIsNotInstalledTwice() throws Exception {
        assertThat(run("install")).as("%s", err).isZero();
        PolicyBundle first = installed();
        var made = Files.getLastModifiedTime(policy("bundle.tar.gz"));
        assertThat(run("install")).isZero();
        assertThat(Files.getLastModifiedTime(policy("bundle.tar.gz"))).isEqualTo(made);

        overlay("10-own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}");
        assertThat(run("install")).isZero();

        assertThat(out.toString().strip()).isEqualTo("installed " + installed().digest());
        assertThat(installed().digest()).isNotEqualTo(first.digest());
        assertThat(installed()
                        .data()
                        .at("/keyproof/parameters/quorums/DestroyKey/approvers")
                        .asInt())
                .isEqualTo(3);

        // When: somebody else's bundle lies there
        Files.write(policy("bundle.tar.gz"), PolicyBundle.builtIn().bytes());
        assertThat(run("install")).isZero();
        assertThat(installed()
                        .data()
                        .at("/keyproof/parameters/quorums/DestroyKey/approvers")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void theSigningKeyIsItsOwnersAloneAndMayBeKeptElsewhere() throws Exception {
        assertThat(run("install")).as("%s", err).isZero();
        Path key = policy("signing-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Path elsewhere = Files.move(key, home.resolve("elsewhere.pem"));

        assertThat(run("install")).as("nothing changed").isZero();
        overlay("10-own.json", "{'quorums':{'DestroyKey':{'approvers':3}}}");
        assertThat(run("install")).isEqualTo(2);
        assertThat(err.toString()).contains("the key that signs it is not in");

        assertThat(run("install", "--key", elsewhere.toString())).as("%s", err).isZero();
        assertThat(installed()
                        .data()
                        .at("/keyproof/parameters/quorums/DestroyKey/approvers")
                        .asInt())
                .isEqualTo(3);
        assertThat(out.toString() + err).doesNotContain("PRIVATE");
    }

    @Test
    void anotherKeyIsNotTakenByAccident() throws Exception {
        assertThat(run("install")).as("%s", err).isZero();
        Path first = Files.move(policy("signing-key.pem"), home.resolve("first.pem"));
        Files.delete(policy("signing-key.pub.pem"));
        assertThat(run("install")).as("%s", err).isZero();

        assertThat(run("install", "--key", first.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("the parts hold to another key");
    }
}
