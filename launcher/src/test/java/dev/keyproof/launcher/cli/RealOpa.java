package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The {@code opa} program over the source and the data that a bundle in a pack carries, as an auditor would ask it. */
final class RealOpa {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Path folder;

    private RealOpa(Path folder) {
        this.folder = folder;
    }

    /** @param folder an empty one */
    static RealOpa over(byte[] bundle, Path folder) throws IOException, InterruptedException {
        Path archive = Files.write(folder.resolve("bundle.tar.gz"), bundle);
        run(folder, folder.resolve("unpacked"), "tar", "-xzf", archive.toString());
        return new RealOpa(folder);
    }

    /** What it decides on each input. */
    List<JsonNode> decisions(List<JsonNode> inputs) throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("inputs.json"), mapper.writeValueAsBytes(inputs));
        Path output = folder.resolve("answers.json");
        run(
                folder,
                output,
                Optional.ofNullable(System.getenv("KEYPROOF_OPA")).orElse("opa"),
                "eval",
                "--format",
                "values",
                "--data",
                "data.json",
                "--data",
                "authz",
                "--data",
                "lib",
                "--data",
                "rules",
                "--input",
                input.toString(),
                "[answer | some one in input; answer := [x | x := data.keyproof.authz.decision with input as one]]");
        List<JsonNode> answers = new ArrayList<>();
        mapper.readTree(output.toFile()).get(0).forEach(answer -> answers.add(answer.path(0)));
        return answers;
    }

    private static void run(Path in, Path output, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " fails: " + Files.readString(output));
        }
    }
}
