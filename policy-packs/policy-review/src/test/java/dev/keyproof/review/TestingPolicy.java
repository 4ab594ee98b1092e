package dev.keyproof.review;

import dev.keyproof.policy.PolicyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Policies that no pack is to be, built by the real {@code opa}. */
final class TestingPolicy {
    private TestingPolicy() {}

    /** One that gives two answers at once to every call and to every key, which is none. */
    static PolicyBundle failing(PolicyBundle data, Path dir) throws Exception {
        String decision = """
                decision := {"allow": true}

                decision := {"allow": false} if input.operation
                """;
        return built(decision, """
                results := []

                results := ["none"] if input.time
                """, data, dir);
    }

    /** One that decides by these rules and finds nothing. */
    static PolicyBundle deciding(String decision, PolicyBundle data, Path dir) throws Exception {
        return built(decision, "results := []\n", data, dir);
    }

    private static PolicyBundle built(String decision, String results, PolicyBundle data, Path dir) throws Exception {
        Files.writeString(dir.resolve("authz.rego"), "package keyproof.authz\n\n" + decision);
        Files.writeString(dir.resolve("rules.rego"), "package keyproof.compliance\n\n" + results);
        Files.writeString(dir.resolve("data.json"), data.data().toString());
        Path bundle = dir.resolve("built.tar.gz");
        Process opa = new ProcessBuilder(
                        Optional.ofNullable(System.getenv("KEYPROOF_OPA")).orElse("opa"),
                        "build",
                        "--target",
                        "plan",
                        "--entrypoint",
                        "keyproof/authz/decision",
                        "--entrypoint",
                        "keyproof/compliance/results",
                        "--output",
                        bundle.toString(),
                        "authz.rego",
                        "rules.rego",
                        "data.json")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("opa.log").toFile())
                .start();
        if (!opa.waitFor(60, TimeUnit.SECONDS) || opa.exitValue() != 0) {
            opa.destroyForcibly();
            throw new IOException(Files.readString(dir.resolve("opa.log")));
        }
        return PolicyBundle.read(bundle);
    }
}
