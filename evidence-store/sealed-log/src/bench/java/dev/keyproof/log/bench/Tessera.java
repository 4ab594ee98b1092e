package dev.keyproof.log.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Tessera's POSIX driver on the same disk: the program in {@code src/bench/go/tessera}, built where Go is. */
final class Tessera {
    private static final List<Integer> BATCHES = List.of(256, 2048, 8192);

    private final Path dir;

    Tessera(Path dir) {
        this.dir = dir;
    }

    /** Records per second at the batch size that suits it best; empty, and said, where it cannot be built. */
    OptionalDouble recordsPerSecond(int bytes) throws IOException, InterruptedException {
        Optional<Path> go = go();
        if (go.isEmpty()) {
            System.out.println("append-vs-tessera: left out, there is no go on the PATH: apt-get install -y golang-go");
            return OptionalDouble.empty();
        }
        Path program = dir.resolve("tesserabench").toAbsolutePath();
        List<String> built = run(
                Path.of("src/bench/go/tessera"),
                List.of(go.get().toString(), "build", "-buildvcs=false", "-o", program.toString(), "."));
        if (!Files.exists(program)) {
            System.out.println("append-vs-tessera: left out, it cannot be built: " + built);
            return OptionalDouble.empty();
        }
        double best = 0;
        for (int batch : BATCHES) {
            Path log = Files.createDirectory(dir.resolve("tessera-" + batch)).toAbsolutePath();
            List<String> said = run(
                    dir,
                    List.of(program.toString(), "-dir", log.toString(), "-bytes", "" + bytes, "-batch", "" + batch));
            double rate = Double.parseDouble(said.getLast());
            System.out.printf("tessera: %,.0f records/s in batches of %d%n", rate, batch);
            best = Math.max(best, rate);
        }
        return OptionalDouble.of(best);
    }

    private static Optional<Path> go() {
        List<String> places = new ArrayList<>(List.of(System.getenv("PATH").split(":", -1)));
        places.add("/usr/local/go/bin");
        return places.stream()
                .map(place -> Path.of(place, "go"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<String> run(Path where, List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> said = process.inputReader(UTF_8).lines().toList();
        process.waitFor();
        return said.isEmpty() ? List.of("nothing said") : said;
    }
}
