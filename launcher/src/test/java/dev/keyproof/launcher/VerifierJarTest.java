package dev.keyproof.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The verifier as one file, for whoever has a Java and nothing of ours. */
@Tag("server")
class VerifierJarTest {
    private static final Path TARGET = Modules.root().resolve("evidence-store/verifier/target");
    private static final Path JAR = TARGET.resolve("keyproof-verify.jar");

    @Test
    void verifiesAloneInAnEmptyFolder() throws Exception {
        Path samples = TARGET.resolve("samples");
        List<Path> packs;
        try (Stream<Path> files = Files.list(samples)) {
            packs = files.filter(file -> file.toString().endsWith(".zip"))
                    .sorted()
                    .limit(3)
                    .toList();
        }
        assertThat(packs).isNotEmpty();
        for (Path pack : packs) {
            String code = pack.getFileName().toString().replace(".zip", "");
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-jar",
                            JAR.toString(),
                            pack.toString(),
                            "--trust",
                            samples.resolve(code + ".trust").toString(),
                            "--json")
                    .directory(Files.createTempDirectory("alone").toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(said).isEqualTo(1);
            assertThat(said).contains("\"code\" : \"" + code + "\"");
        }
    }

    @Test
    void holdsNoServer() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();

            assertThat(names)
                    .contains("dev/keyproof/verify/VerifyCommand.class")
                    .noneMatch(name -> name.startsWith("org/springframework/"))
                    .noneMatch(name -> name.startsWith("org/apache/kafka/"))
                    .noneMatch(name ->
                            name.startsWith("dev/keyproof/") && !name.matches("dev/keyproof/((verify|log)/.*)?"))
                    .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA)"));
        }
    }
}
