package dev.keyproof.log.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.merkle.CompactRange;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalKillTest {
    private static final int LINES_BEFORE_KILL = 3000;

    @TempDir
    Path dir;

    /** Acknowledged entries by number, and signed roots by size, over all runs. */
    private final Map<Long, String> acknowledged = new HashMap<>();

    private final Map<Long, String> signed = new HashMap<>();

    @Test
    @Tag("server")
    void killedUnderLoadItLosesAndDoublesNothing() throws Exception {
        killed(4);
    }

    @Test
    @Tag("deep")
    void killedOftenItLosesAndDoublesNothing() throws Exception {
        killed(60);
    }

    private void killed(int times) throws Exception {
        for (int run = 0; run < times; run++) {
            writeUntilKilled("run" + run, LINES_BEFORE_KILL + 97 * run);
            check();
        }
    }

    private void writeUntilKilled(String run, int lines) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
                        dir.toString(),
                        run)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader(UTF_8)) {
            int read = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", -1);
                // The last line may be torn by the kill; what it would have said was never heard.
                if (words.length == 3 && words[0].equals("entry") && words[2].matches("run\\d+-\\d+-\\d+")) {
                    acknowledged.put(Long.parseLong(words[1]), words[2]);
                } else if (words.length == 3 && words[0].equals("head") && words[2].length() == 64) {
                    signed.put(Long.parseLong(words[1]), words[2]);
                }
                read++;
                if (read == lines) {
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    private void check() throws Exception {
        long last = signed.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        try (Journal journal = Journal.open(dir, "broker-1", JournalOptions.DEFAULTS)) {
            List<byte[]> entries = journal.read(0, Integer.MAX_VALUE);
            assertThat(entries).hasSize((int) journal.size());
            assertThat(journal.size()).isGreaterThanOrEqualTo(last);
            Set<String> ids = new HashSet<>();
            CompactRange tree = new CompactRange();
            for (int i = 0; i < entries.size(); i++) {
                String[] words = new String(entries.get(i), UTF_8).split(" ", -1);
                assertThat(words[1]).isEqualTo("" + i);
                assertThat(ids.add(words[0])).as("doubled %s", words[0]).isTrue();
                // The acknowledgement of the line that the kill cut short is not known; all others must match.
                assertThat(words[0]).startsWith(acknowledged.getOrDefault((long) i, ""));
                tree.append(entries.get(i), 0, entries.get(i).length);
                String root = signed.get(tree.size());
                if (root != null) {
                    assertThat(tree.root().hex()).isEqualTo(root);
                }
            }
            assertThat(acknowledged.keySet()).allMatch(sequence -> sequence < journal.size());
        }
        assertThat(Journal.fsck(dir, List.of()).faults()).isEmpty();
    }
}
