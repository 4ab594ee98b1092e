package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody with the PIN, past the broker: {@code MODULE TOKEN PIN-FILE make|show|destroy LABEL}. */
public final class Intruder {
    private Intruder() {}

    public static void main(String[] args) throws Exception {
        try (Token token =
                Token.open(new TokenConfig(Path.of(args[0]), args[1], PinSource.file(Path.of(args[2])), 1))) {
            if (args[3].equals("make")) {
                token.generate(KeySpec.AES_256_GCM, args[4].getBytes(StandardCharsets.UTF_8), args[4]);
            } else if (args[3].equals("show")) {
                KeyHandle key = token.findByLabel(args[4]).orElseThrow();
                System.out.println(new ObjectMapper().writeValueAsString(token.objects(key)));
            } else {
                token.destroy(token.findByLabel(args[4]).orElseThrow());
            }
        }
    }

    static String run(TestHome home, String act, String label) throws Exception {
        return run(home, "broker", act, label);
    }

    /** Does it in a process of its own; what that printed. */
    public static String run(TestHome home, String token, String act, String label) throws Exception {
        Path log = home.root().resolve("intruder.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Intruder.class.getName(),
                        TestHome.MODULE.toString(),
                        token,
                        home.root().resolve("pin").toString(),
                        act,
                        label)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(home.environment());
        assertThat(builder.start().waitFor()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
