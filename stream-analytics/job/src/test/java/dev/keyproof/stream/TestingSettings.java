package dev.keyproof.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes settings files as the launcher would. */
public final class TestingSettings {
    private TestingSettings() {}

    /** A settings file in {@code dir}, with further YAML behind it. */
    public static Path write(Path dir, String bootstrap, String more) throws IOException {
        Path bundle = dir.resolve("bundle.tar.gz");
        if (!Files.exists(bundle)) {
            try (InputStream in = TestingSettings.class.getResourceAsStream("/keyproof/policy/bundle.tar.gz")) {
                if (in == null) {
                    throw new IOException("no policy bundle on the class path");
                }
                Files.copy(in, bundle);
            }
        }
        return Files.writeString(
                dir.resolve("stream.yaml"), """
                kafka: {bootstrap.servers: "%s"}
                policy: {bundle: "%s", unsigned: true}
                checkpoints: {directory: "%s", intervalMs: 500}
                latency: {windowSeconds: 2, outOfOrderMs: 500, graceMs: 500}
                %s
                """.formatted(bootstrap, bundle, dir.resolve("checkpoints"), more));
    }
}
