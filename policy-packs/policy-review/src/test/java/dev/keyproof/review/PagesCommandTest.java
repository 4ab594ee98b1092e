package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.review.cli.PolicyCommand;
import dev.keyproof.verify.testing.TestingOscal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The pages of the packs that ship, as a compliance engineer gets them. */
class PagesCommandTest {
    private static final Path PACKS = Path.of("../packs").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(#[^)]*)?\\)");

    private final StringWriter said = new StringWriter();

    @TempDir
    private Path dir;

    private int run(Path packs, Path out) {
        CommandLine command = new CommandLine(new PolicyCommand());
        command.setErr(new PrintWriter(said, true));
        command.setOut(new PrintWriter(said, true));
        return command.execute("pages", "--packs", packs.toString(), "--out", out.toString());
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void everyRuleAndEveryFrameworkHasAPage() throws Exception {
        assertThat(run(PACKS, dir)).as(said.toString()).isZero();

        Map<String, String> pages = files(dir);
        List<String> rules = new ArrayList<>();
        try (Stream<Path> all = Files.walk(PACKS.resolve("rules"))) {
            all.filter(file -> file.endsWith("rule.rego"))
                    .forEach(file -> rules.add(PACKS.relativize(file).getParent() + ".md"));
        }
        List<String> frameworks = new ArrayList<>();
        try (Stream<Path> all = Files.list(PACKS.resolve("frameworks"))) {
            for (Path one : all.toList()) {
                JsonNode data = JSON.readTree(one.resolve("data.json").toFile());
                String page = pages.get("frameworks/" + data.path("framework").asText() + ".md");
                frameworks.add("frameworks/" + data.path("framework").asText() + ".md");
                for (JsonNode control : data.path("controls")) {
                    assertThat(page)
                            .contains("\n## " + control.path("id").asText() + "\n")
                            .contains(control.path("person").asText());
                    control.path("rules").forEach(rule -> assertThat(page).contains(rule.asText()));
                }
            }
        }
        assertThat(pages).containsKeys(rules.toArray(String[]::new)).containsKeys(frameworks.toArray(String[]::new));
        assertThat(pages).hasSize(rules.size() + frameworks.size() + 2);
        assertThat(pages.get("README.md")).contains("# What the packs check").contains(rules.size() + " rules");
    }

    @Test
    void aPageSaysWhatItsRuleReadsAndWhichControlsItAnswers() throws Exception {
        assertThat(run(PACKS, dir)).isZero();

        assertThat(Files.readString(dir.resolve("rules/lifecycle/cryptoperiod.md")))
                .startsWith("# Rotated within its cryptoperiod\n")
                .contains("severity medium", "judges each key", "Rotate the key now")
                .contains("| `key.rotated` | event: resources[0].data of every change |")
                .contains("[pci-dss:3.7.4](../../frameworks/pci-dss.md#374)");
        assertThat(Files.readString(dir.resolve("frameworks/pci-dss.md")))
                .contains("## 3.7.4\n")
                .contains("[lifecycle/cryptoperiod](../rules/lifecycle/cryptoperiod.md)");
    }

    /** Each control counts once, under who answers it. */
    @Test
    void coverageAddsUp() throws Exception {
        assertThat(run(PACKS, dir)).isZero();

        List<String[]> rows = Files.readString(dir.resolve("README.md"))
                .lines()
                .filter(line -> line.contains("](frameworks/"))
                .map(line -> line.split("\\|"))
                .toList();
        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(number(row[3]))
                        .isEqualTo(number(row[4]) + number(row[5]) + number(row[6]))
                        .isPositive());
    }

    private static int number(String cell) {
        return Integer.parseInt(cell.strip());
    }

    @Test
    void everyLinkLeadsSomewhere() throws Exception {
        assertThat(run(PACKS, dir)).isZero();

        for (Map.Entry<String, String> page : files(dir).entrySet()) {
            Matcher link = LINK.matcher(page.getKey().endsWith(".md") ? page.getValue() : "");
            while (link.find()) {
                Path to = dir.resolve(page.getKey()).resolveSibling(link.group(1));
                assertThat(to.normalize()).as(page.getKey()).isRegularFile();
            }
        }
    }

    @Test
    void theComponentDefinitionIsValidOscalAndNamesEachRuleOfEachControl() throws Exception {
        assertThat(run(PACKS, dir)).isZero();
        byte[] document = Files.readAllBytes(dir.resolve("component-definition.json"));

        assertThat(TestingOscal.faults(document, Files.createDirectory(dir.resolve("validated"))))
                .isEmpty();
        JsonNode component = JSON.readTree(document).at("/component-definition/components/0");
        List<String> answered = new ArrayList<>();
        component
                .path("control-implementations")
                .forEach(implementation -> implementation
                        .path("implemented-requirements")
                        .forEach(requirement -> requirement
                                .path("props")
                                .forEach(rule -> answered.add(
                                        requirement.path("control-id").asText() + " "
                                                + rule.path("value").asText()))));
        List<String> stated = new ArrayList<>();
        try (Stream<Path> all = Files.list(PACKS.resolve("frameworks"))) {
            for (Path one : all.toList()) {
                JsonNode data = JSON.readTree(one.resolve("data.json").toFile());
                for (JsonNode control : data.path("controls")) {
                    String id = data.path("framework").asText() + ":"
                            + control.path("id").asText();
                    control.path("rules")
                            .forEach(
                                    rule -> stated.add(id.replaceAll("[^\\p{L}\\p{N}._-]", "_") + " " + rule.asText()));
                }
            }
        }
        assertThat(answered).containsExactlyInAnyOrderElementsOf(stated);
    }

    @Test
    void theSamePacksGiveTheSamePages() throws Exception {
        assertThat(run(PACKS, dir.resolve("one"))).isZero();
        assertThat(run(PACKS, dir.resolve("other"))).isZero();

        assertThat(files(dir.resolve("one"))).isEqualTo(files(dir.resolve("other")));
    }

    @Test
    void aRuleThatSaysTooLittleIsNamed() throws Exception {
        Path rule = dir.resolve("packs/rules/usage/mute/rule.rego");
        Files.createDirectories(rule.getParent());
        Files.createDirectories(dir.resolve("packs/frameworks"));
        Files.writeString(rule, """
                # METADATA
                # title: Mute
                # description: Says not how bad it is.
                # custom:
                #   controls: []
                package keyproof.rules.usage.mute
                """);

        assertThat(run(dir.resolve("packs"), dir.resolve("out"))).isEqualTo(2);
        assertThat(said.toString()).isEqualTo("keyproof: rules/usage/mute/rule.rego says no severity\n");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void whereThereAreNoPacksItSaysSo() {
        assertThat(run(dir.resolve("nowhere"), dir.resolve("out"))).isEqualTo(2);
        assertThat(said.toString()).isEqualTo("keyproof: there is no folder " + dir.resolve("nowhere") + "\n");
    }
}
