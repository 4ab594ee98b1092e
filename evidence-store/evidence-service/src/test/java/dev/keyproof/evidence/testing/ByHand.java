package dev.keyproof.evidence.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Somebody who has a pack, a shell and what its {@code VERIFY.md} names, and nothing of ours. */
public final class ByHand {
    private final Path folder;
    private final String commands;
    private final String decisions;

    private ByHand(Path folder, String commands, String decisions) {
        this.folder = folder;
        this.commands = commands;
        this.decisions = decisions;
    }

    /** What the shell said. */
    public record Said(int exit, String out) {}

    /** Unpacks a pack into a folder. */
    public static ByHand unpack(Path pack, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(pack))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
        String page = Files.readString(folder.resolve("VERIFY.md"));
        String commands = page.lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.substring("    ".length()))
                .collect(Collectors.joining("\n"));
        int block = page.indexOf("```sh\n") + "```sh\n".length();
        return new ByHand(folder, commands, page.substring(block, page.indexOf("```", block)));
    }

    /** Those that make a decision again, which stand in a block of their own. */
    public String decisions() {
        return decisions;
    }

    /** The commands of the page, in their order. */
    public String commands() {
        return commands;
    }

    /** Those of them that ask OpenSSL who signed. */
    public String signatures() {
        return commands.substring(0, commands.indexOf("grep -o"));
    }

    /** Runs them as they stand. */
    public Said run() throws Exception {
        return run(commands);
    }

    /** Runs others, each of which must succeed. */
    public Said run(String script) throws Exception {
        return run(List.of(), script);
    }

    /** Runs them as they stand, with the clock as far ahead as {@code faketime} understands it. */
    public Said runAt(String when) throws Exception {
        return run(List.of("faketime", when), commands);
    }

    private Said run(List<String> before, String script) throws Exception {
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of("sh", "-eu", "-c", script));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().merge("PATH", Peers.tools().toString(), (path, tools) -> path + ":" + tools);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out);
    }

    /** Alters a byte of a file, runs them as they stand, and puts it back. */
    public Said altered(String name) throws Exception {
        Path file = folder.resolve(name);
        byte[] content = Files.readAllBytes(file);
        byte[] other = content.clone();
        other[other.length / 2] ^= 1;
        Files.write(file, other);
        try {
            return run();
        } finally {
            Files.write(file, content);
        }
    }

    /** Adds a file, runs them as they stand, and takes it away. */
    public Said added(String name) throws Exception {
        Path file = Files.writeString(folder.resolve(name), "more");
        try {
            return run();
        } finally {
            Files.delete(file);
        }
    }

    /** They succeed as they stand. */
    public void succeeds() throws Exception {
        Said said = run();
        assertThat(said.exit).as(said.out).isZero();
    }
}
