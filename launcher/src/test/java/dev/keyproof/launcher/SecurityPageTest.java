package dev.keyproof.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The threats of SECURITY.md: what is said to try one is a test that there is. */
class SecurityPageTest {
    private static final Set<String> PASSED_BY = Set.of("target", "node_modules", ".git");
    private static final Pattern QUOTED = Pattern.compile("`([A-Za-z_]+)(\\.rego)?`");

    @Test
    void eachThreatNamesTheTestsThatTryIt() throws IOException {
        Set<String> tests = tests();
        List<String> threats = Files.readAllLines(Modules.root().resolve("SECURITY.md")).stream()
                .dropWhile(line -> !line.startsWith("## Threats"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.matches("\\| \\d.*"))
                .toList();

        assertThat(threats).hasSizeGreaterThan(30);
        for (String threat : threats) {
            String[] cells = threat.split("\\|", -1);
            List<String> named = QUOTED.matcher(cells[cells.length - 2])
                    .results()
                    .map(MatchResult::group)
                    .map(quoted -> quoted.replace("`", ""))
                    .toList();
            assertThat(named).as(threat).isNotEmpty();
            assertThat(tests).as(threat).containsAll(named);
        }
    }

    /** Names of the test classes and Rego tests of all modules. */
    private static Set<String> tests() throws IOException {
        Set<String> names = new HashSet<>();
        Files.walkFileTree(Modules.root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return PASSED_BY.contains(dir.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith("Test.java")) {
                    names.add(name.replace(".java", ""));
                } else if (name.endsWith("_test.rego")) {
                    names.add(name);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return names;
    }
}
