package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API as Schemathesis tries it from its own description: whatever is sent, the broker answers, and never that it failed. Schemathesis
 * comes from PyPI into a folder of its own.
 */
@Tag("deep")
class FuzzedApiTest {
    private static final String SCHEMATHESIS = "schemathesis==4.32.5";

    @TempDir
    private Path folder;

    @Test
    void nothingThatIsSentMakesTheBrokerFail() throws Exception {
        run("python3", "-m", "venv", folder.toString());
        run(bin("pip"), "--quiet", "install", SCHEMATHESIS);
        try (TestHome home = TestHome.create();
                BrokerProcess broker = home.start()) {
            for (String role : List.of("administrator", "application", "custodian", "operator")) {
                run(
                        bin("schemathesis"),
                        "run",
                        broker.base() + "/openapi.json",
                        "--header",
                        "Authorization: Bearer " + home.token("fuzz-" + role, role),
                        "--checks",
                        "not_a_server_error",
                        "--max-examples",
                        "50",
                        "--seed",
                        "20261126",
                        // After that one only refusals would be tried.
                        "--exclude-path-regex",
                        "kill-switch");
            }
            assertThat(broker.output()).doesNotContain("level=ERROR");
        }
    }

    private String bin(String program) {
        return folder.resolve("bin").resolve(program).toString();
    }

    private void run(String... command) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    }
}
