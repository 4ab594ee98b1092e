package dev.keyproof.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.launcher.parts.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start script says on a machine that lacks something; what the machine lacks is feigned by the script's own functions. */
class ScriptTest {
    @TempDir
    private Path folder;

    /** What a script printed, and its exit code. */
    private record Ended(int code, List<String> lines) {}

    @Test
    void namesWhatIsMissingAndTheCureInOneLine() throws Exception {
        assertOneLine("find_jdk() { :; }; need_jdk", "no JDK 25 found", "KEYPROOF_JAVA_HOME");
        assertOneLine("find_opa() { :; }; find_go() { :; }; need_opa", "no opa found", "install Go");
        assertOneLine(
                "can_install() { false; }; find_softhsm() { :; }; need_softhsm",
                "no SoftHSM module found",
                "apt-get install -y softhsm2");
        assertOneLine("KEYPROOF_SOFTHSM_MODULE=/no/such.so; need_softhsm", "/no/such.so", "unset it");
        assertOneLine("PATH=/nowhere; can_install() { false; }; need_maven", "no mvn on the PATH", "apt-get install");
        assertOneLine("PATH=/nowhere; can_install() { false; }; need_node", "no node and npm", "nodejs npm");
        assertOneLine(
                "PATH=/nowhere; can_install() { false; }; need_strace", "no strace on the PATH", "apt-get install");
        assertOneLine("find_go() { :; }; can_install() { false; }; need_go", "no go on the PATH", "golang-go");
        assertOneLine(
                "cache=$PWD; find_versitygw() { :; }; find_go() { :; }; need_s3_peers", "no versitygw", "install Go");
        assertOneLine(
                "cache=$PWD; find_versitygw() { echo /x; }; find_moto() { :; }; python3() { false; };"
                        + " can_install() { false; }; need_s3_peers",
                "no pip for python3",
                "apt-get install -y python3-pip");
    }

    @Test
    void saysThatThereIsNoNetwork() throws Exception {
        // Given
        Path log = Files.writeString(
                folder.resolve("build.log"),
                "[INFO] Building\n[ERROR] Could not transfer artifact a:b:jar:1 from central: Unknown host repo.example\n");

        // When / Then
        assertOneLine(
                "build_log=" + log + "; fail \"$(maven_reason)\"",
                "cannot fetch what it needs (no network?)",
                log.toString());
    }

    @Test
    void quotesTheFirstErrorOfABuildThatFailed() throws Exception {
        // Given
        Path log = Files.writeString(
                folder.resolve("build.log"), "[INFO] Building\n[ERROR] /a/B.java:[1,2] wrong\n[ERROR] more\n");

        // When / Then
        assertOneLine(
                "build_log=" + log + "; fail \"$(maven_reason)\"", "the build failed: /a/B.java:[1,2] wrong", "log");
    }

    @Test
    void takesAJdkOnlyWhenItIsNewEnough() throws Exception {
        // Given
        Path old = Files.createDirectories(folder.resolve("old/bin")).resolveSibling("release");
        Files.writeString(old, "JAVA_VERSION=\"17.0.15\"\n");

        // When
        Ended ended = bash("java_major " + folder.resolve("old"));

        // Then
        assertThat(ended.lines()).containsExactly("17");
    }

    @Test
    void countsTheTestsOfAllReports() throws Exception {
        // Given
        Path reports = Files.createDirectories(folder.resolve("a/target/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-one.xml"),
                "<?xml?>\n<testsuite name=\"one two\" time=\"1\" tests=\"5\" errors=\"1\" skipped=\"1\" failures=\"1\">\n");
        Files.writeString(
                reports.resolve("TEST-two.xml"),
                "<testsuite name=\"three\" time=\"1\" tests=\"7\" errors=\"0\" skipped=\"0\" failures=\"0\">\n");

        // When
        Ended ended = bash("root=" + folder + "; totals $(date +%s%3N)");

        // Then
        assertThat(ended.lines()).hasSize(2).last().isEqualTo("9 passed, 2 failed, 1 skipped");

        // And: what peers were run is said once
        Files.writeString(reports.resolve("one-output.txt"), "x\npeers run: 1 of 2: a\n");
        Files.writeString(reports.resolve("two-output.txt"), "peers run: 1 of 2: a\n");
        assertThat(bash("root=" + folder + "; totals $(date +%s%3N)").lines())
                .hasSize(3)
                .first()
                .isEqualTo("peers run: 1 of 2: a");
    }

    @Test
    void helpNeedsNothingBuilt() throws Exception {
        // Given
        Path copy = Files.createDirectories(folder.resolve("copy/launcher/bin"));
        Path root = Checkout.current().root();
        for (String file : List.of("keyproof", "launcher/bin/machine.sh", "launcher/bin/build.sh")) {
            Files.copy(root.resolve(file), folder.resolve("copy").resolve(file));
        }

        // When
        Ended ended = bash("bash " + copy.resolve("../../keyproof") + " --help");

        // Then
        assertThat(ended.code()).isZero();
        assertThat(ended.lines())
                .anyMatch(line -> line.contains("demo [--keep]"))
                .anyMatch(line -> line.contains("Example"));
    }

    /** What asks a bundle goes without opa, where all is built; what reads a policy's source does not. */
    @Test
    void aDecisionIsTriedWithoutOpa() throws Exception {
        // Given: what is built already, and neither opa nor what makes it
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve("launcher/bin"));
        Path root = Checkout.current().root();
        for (String file : List.of("keyproof", "launcher/bin/machine.sh", "launcher/bin/build.sh")) {
            Files.copy(root.resolve(file), copy.resolve(file));
        }
        Files.writeString(
                copy.resolve("launcher/bin/machine.sh"),
                "\nfind_opa() { :; }\nfind_go() { :; }\n",
                StandardOpenOption.APPEND);
        Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String program : List.of("javac", "java")) {
            Path script = Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\necho java \"$@\"\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        Files.createDirectories(copy.resolve("launcher/target"));
        Files.writeString(copy.resolve("launcher/target/runtime.classpath"), "more.jar");
        Files.createDirectories(copy.resolve("target"));
        Files.createFile(copy.resolve("target/keyproof.built"));
        String command = "KEYPROOF_JAVA_HOME=" + jdk + " bash " + copy.resolve("keyproof") + " policy ";

        // When
        Ended tried = bash(command + "try input.json");
        Ended reviewed = bash(command + "review --base main");

        // Then
        assertThat(tried.code()).as("%s", tried).isZero();
        assertThat(tried.lines()).hasSize(1);
        assertThat(tried.lines().getFirst()).startsWith("java ").endsWith(" policy try input.json");
        assertThat(reviewed.code()).isEqualTo(1);
        assertThat(reviewed.lines()).hasSize(1).first().asString().contains("no opa found");
    }

    @Test
    void waitsForAnotherBuildOfTheSameCheckout() throws Exception {
        // Given: another that builds until it is told to end
        String script = "root=" + folder + "; go=" + folder
                + "/go; (begin_build; touch $go.begun; until [ -e $go ]; do :; done;"
                + " touch $go.ended; end_build) & until [ -e $go.begun ]; do :; done;";

        // When: it is told by the line that says that one waits
        Ended ended = bash(script + " begin_build | { read -r line; touch $go; echo \"$line\"; cat; };"
                + " begin_build; [ -e $go.ended ] && echo after");

        // Then
        assertThat(ended.lines()).hasSize(2).last().isEqualTo("after");
        assertThat(ended.lines().getFirst()).contains("waiting for another build");
    }

    private void assertOneLine(String script, String... saying) throws Exception {
        Ended ended = bash(script);
        assertThat(ended.code()).as(script).isEqualTo(1);
        assertThat(ended.lines()).as(script).hasSize(1);
        assertThat(ended.lines().getFirst()).startsWith("keyproof: ").contains(saying);
    }

    private Ended bash(String script) throws IOException, InterruptedException {
        Path root = Checkout.current().root();
        String sourced = "set -euo pipefail; root=" + root + "; KEYPROOF_BEGUN=$(date +%s%3N); HOME=" + folder + "; . "
                + root + "/launcher/bin/machine.sh; . " + root + "/launcher/bin/build.sh; " + script;
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", sourced).redirectErrorStream(true);
        // Where these tests were started by the script itself, it is building opa.
        builder.environment().remove("KEYPROOF_OPA_CACHE");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), printed.lines().toList());
    }
}
