package dev.keyproof.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of dependencies, by the real scanner over advisories that are made up. */
@Tag("deep")
class AuditTest {
    @TempDir
    private Path dir;

    private Path parts = Path.of("bom.json");

    private record Said(int exit, String text) {}

    @BeforeEach
    void parts() throws IOException {
        parts = Files.writeString(dir.resolve("bom.json"), """
                {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
                 {"type": "library", "group": "org.example", "name": "part", "version": "1.2.0",
                  "purl": "pkg:maven/org.example/part@1.2.0?type=jar"}]}""");
    }

    private Path advisories(String fixed) throws IOException {
        Path osv = dir.resolve("osv");
        Path folder = Files.createDirectories(osv.resolve("Maven"));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("all.zip")))) {
            zip.putNextEntry(new ZipEntry("EXAMPLE-1.json"));
            zip.write("""
                    {"schema_version": "1.6.0", "id": "EXAMPLE-1", "modified": "2026-01-01T00:00:00Z", "summary": "made up",
                     "affected": [{"package": {"ecosystem": "Maven", "name": "org.example:part"},
                      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "%s"}]}]}]}
                    """.formatted(fixed).getBytes(StandardCharsets.UTF_8));
        }
        return osv;
    }

    private Said audit(Path advisories) throws Exception {
        String script = "set -euo pipefail; root=$1; KEYPROOF_BEGUN=0; . \"$root/launcher/bin/machine.sh\"; "
                + ". \"$root/launcher/bin/audit.sh\"; need_osv; look_up \"$2\" \"$3\"";
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        script,
                        "audit",
                        Modules.root().toString(),
                        advisories.toString(),
                        parts.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    @Test
    void aPartThatIsKnownToBeVulnerableFailsIt() throws Exception {
        Said said = audit(advisories("1.2.1"));

        assertThat(said.exit()).as(said.text()).isEqualTo(1);
        assertThat(said.text()).contains("EXAMPLE-1", "org.example:part", "a part has a known vulnerability");
    }

    @Test
    void aPartThatWasMendedPasses() throws Exception {
        Said said = audit(advisories("1.2.0"));

        assertThat(said.exit()).as(said.text()).isZero();
        assertThat(said.text()).contains("no part of 1 lists has a known vulnerability");
    }

    @Test
    void whereNothingCanBeLookedUpNothingPasses() throws Exception {
        Said said = audit(dir);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.text()).contains("has no Maven/all.zip");
    }
}
