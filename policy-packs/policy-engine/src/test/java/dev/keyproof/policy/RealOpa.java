package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The {@code opa} program, with the Rego source and the data that a bundle carries, unpacked into a folder. */
final class RealOpa {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private RealOpa(Path folder) {
        this.folder = folder;
    }

    static String program() {
        return Optional.ofNullable(System.getenv("KEYPROOF_OPA")).orElse("opa");
    }

    static RealOpa unpacked(PolicyBundle bundle, Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : TarReader.files(bundle.bytes()).entrySet()) {
            if (file.getKey().endsWith(".rego") || file.getKey().equals("data.json")) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
        return new RealOpa(folder);
    }

    /** Over source that stands in a folder: {@code authz}, {@code rules}, {@code lib} and {@code data.json}. */
    static RealOpa in(Path folder) {
        return new RealOpa(folder);
    }

    Path folder() {
        return folder;
    }

    /** What the entry point answers to each input, in one run of the program; missing where it is undefined. */
    List<JsonNode> answers(String entrypoint, List<? extends JsonNode> inputs)
            throws IOException, InterruptedException {
        Path input = Files.writeString(
                folder.resolve("inputs"), JSON.valueToTree(inputs).toString());
        Path output = folder.resolve("answers");
        String query =
                "[a | some one in input; a := [x | x := data." + entrypoint.replace('/', '.') + " with input as one]]";
        run(
                output,
                folder,
                program(),
                "eval",
                "--format",
                "values",
                "--data",
                "data.json",
                "--data",
                "authz",
                "--data",
                "rules",
                "--data",
                "lib",
                "--input",
                input.toString(),
                query);
        List<JsonNode> answers = new ArrayList<>();
        JSON.readTree(output.toFile()).get(0).forEach(answer -> answers.add(answer.path(0)));
        return answers;
    }

    /** A bundle of what stands in a folder, with nothing in it but a decision and results. */
    static PolicyBundle bundle(Path folder, String... sources)
            throws IOException, InterruptedException, PolicyException {
        List<String> command = new ArrayList<>(List.of(
                program(),
                "build",
                "--target",
                "plan",
                "--entrypoint",
                PolicyEngine.DECISION,
                "--entrypoint",
                PolicyEngine.RESULTS,
                "--output",
                "bundle.tar.gz"));
        command.addAll(List.of(sources));
        run(folder.resolve("log"), folder, command.toArray(String[]::new));
        return PolicyBundle.read(folder.resolve("bundle.tar.gz"));
    }

    static void run(Path output, Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + Files.readString(output));
        }
    }
}
