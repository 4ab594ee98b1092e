package dev.keyproof.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of licences that the test command makes, on small bills of materials and on the page's own packages. */
class LicencesTest {
    private static final Path LAUNCHER = Modules.root().resolve("launcher");

    @TempDir
    private Path dir;

    private Path rules = Path.of("rules.json");

    private record Said(int exit, String text) {}

    @BeforeEach
    void rules() throws IOException {
        rules = Files.writeString(dir.resolve("rules.json"), """
                {"allowed": {"MIT": "notice", "Apache-2.0": "ours"}, "exceptions": {"pkg:maven/g/zip": "read"},
                 "ours": ["pkg:maven/dev.keyproof/"]}""");
    }

    @Test
    void allowedPartsPass() throws Exception {
        Said said = check(
                component("pkg:maven/g/zip@1?type=zip", ""),
                component("pkg:maven/dev.keyproof/x@1?type=jar", ""),
                component("pkg:maven/g/a@1?type=jar", "{\"license\": {\"id\": \"MIT\"}}"),
                component("pkg:maven/g/b@1?type=jar", "{\"expression\": \"(GPL-2.0 OR Apache-2.0)\"}"),
                component(
                        "pkg:maven/g/c@1?type=jar",
                        "{\"license\": {\"name\": \"Some\"}}, {\"license\": {\"id\": \"MIT\"}}"));

        assertThat(said).isEqualTo(new Said(0, "licences of 4 parts are allowed\n"));
    }

    @Test
    void aPartOfAnUnknownLicenceIsNamed() throws Exception {
        Said said = check(
                component("pkg:maven/g/zip@1?type=zip", ""),
                component("pkg:maven/g/a@1?type=jar", "{\"license\": {\"id\": \"AGPL-3.0-only\"}}"),
                component("pkg:maven/g/b@1?type=jar", "{\"expression\": \"MIT AND GPL-2.0\"}"),
                component("pkg:maven/g/c@1?type=jar", ""));

        assertThat(said.exit).isEqualTo(1);
        assertThat(said.text)
                .contains("licence: pkg:maven/g/a@1: AGPL-3.0-only is not in ")
                .contains("licence: pkg:maven/g/b@1: MIT AND GPL-2.0 is not in ")
                .contains("licence: pkg:maven/g/c@1: names no licence");
    }

    @Test
    void whatIsBundledIntoAPageCountsAndWhatBuildsItDoesNot() throws Exception {
        Path lock = Files.writeString(dir.resolve("package-lock.json"), """
                {"packages": {"": {"license": "Secret"}, "node_modules/good": {"version": "1.0.0", "license": "MIT"},
                 "node_modules/tool": {"version": "1.0.0", "license": "Secret", "dev": true},
                 "node_modules/good/node_modules/bad": {"version": "2.0.0", "license": "Secret"}}}""");

        Said said = run(rules, bom(component("pkg:maven/g/zip@1?type=zip", "")), lock);

        assertThat(said.exit).isEqualTo(1);
        assertThat(said.text.lines())
                .singleElement()
                .asString()
                .startsWith("licence: pkg:npm/bad@2.0.0: Secret is not in ");
    }

    @Test
    void anExceptionThatNothingNeedsIsNamed() throws Exception {
        Said said = check(component("pkg:maven/g/a@1?type=jar", "{\"license\": {\"id\": \"MIT\"}}"));

        assertThat(said.exit).isEqualTo(1);
        assertThat(said.text)
                .startsWith("licence: pkg:maven/g/zip: an exception in ")
                .contains("that nothing needs");
    }

    @Test
    void theConsolesPackagesAreAllowedByTheProductsRules() throws Exception {
        Said said = run(
                LAUNCHER.resolve("licences.json"),
                bom(component("pkg:maven/org.opensearch.distribution.integ-test-zip/opensearch@3.8.0?type=zip", "")),
                Modules.root().resolve("dashboards/console/src/web/package-lock.json"));

        assertThat(said.text).matches("licences of [0-9]{2,} parts are allowed\n");
    }

    private Said check(String... components) throws Exception {
        return run(rules, bom(components));
    }

    private Path bom(String... components) throws IOException {
        return Files.writeString(dir.resolve("bom.json"), "{\"components\": [" + String.join(",", components) + "]}");
    }

    private static String component(String purl, String licences) {
        return "{\"purl\": \"" + purl + "\", \"licenses\": [" + licences + "]}";
    }

    private Said run(Path... files) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("node", LAUNCHER.resolve("bin/licences.mjs").toString()));
        for (Path file : files) {
            command.add(file.toString());
        }
        Path out = dir.resolve("said.txt");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        return new Said(exit, Files.readString(out));
    }
}
