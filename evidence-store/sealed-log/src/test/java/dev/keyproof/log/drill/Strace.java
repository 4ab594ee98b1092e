package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a {@link SweptWriter} under strace: once to see its system calls on the log's folder, then with one of them made to fail. */
final class Strace {
    /** All that can change a folder or make it durable. Memory that is mapped needs no call. */
    private static final String CALLS = "pwrite64,pwritev,write,writev,fdatasync,fsync,ftruncate,fallocate,openat,"
            + "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,copy_file_range,sendfile";

    private static final Pattern CALL = Pattern.compile("([a-z0-9_]+)\\((.*)");
    private static final int SECONDS = 60;

    /** The {@code nth} such call of a thread on a file, given relative to the folder of the run. */
    record Point(String call, String path, int nth) {}

    /** What the writer said, and how it ended. */
    record Run(List<String> lines, int exit) {}

    private final String mode;

    Strace(String mode) {
        this.mode = mode;
    }

    /** The points of a run without faults. */
    List<Point> points(Path folder) throws Exception {
        Path traces = Files.createDirectory(folder.resolve("traces"));
        Run clean = run(
                folder,
                List.of(
                        "-ff",
                        "-y",
                        "-s",
                        "300",
                        "-e",
                        "trace=" + CALLS,
                        "-o",
                        traces.resolve("t").toString()));
        assertThat(clean.exit()).isZero();
        assertThat(clean.lines()).noneMatch(line -> line.startsWith("fault") || line.startsWith("failed"));
        Map<String, Set<Integer>> places = new TreeMap<>();
        try (Stream<Path> threads = Files.list(traces)) {
            for (Path thread : threads.toList()) {
                count(thread, folder, places);
            }
        }
        List<Point> points = new ArrayList<>();
        places.forEach((call, numbers) -> numbers.forEach(nth -> {
            String[] callAndPath = call.split(" ", 2);
            points.add(new Point(callAndPath[0], callAndPath[1], nth));
        }));
        return points;
    }

    private static void count(Path thread, Path folder, Map<String, Set<Integer>> places) throws IOException {
        Pattern inside = Pattern.compile("[<\"]" + Pattern.quote(folder.toString()) + "/(log[^>\"]*)[>\"]");
        Map<String, Integer> counts = new HashMap<>();
        for (String line : Files.readAllLines(thread)) {
            Matcher call = CALL.matcher(line);
            Matcher path = inside.matcher(line);
            if (call.lookingAt() && path.find()) {
                String name = call.group(1) + " " + path.group(1);
                int nth = counts.merge(name, 1, Integer::sum);
                boolean reads =
                        call.group(1).equals("openat") && !line.contains("O_WRONLY") && !line.contains("O_RDWR");
                if (!reads) {
                    places.computeIfAbsent(name, any -> new TreeSet<>()).add(nth);
                }
            }
        }
    }

    /** Killed as it enters the call. Without seccomp-bpf, where strace 6.1 forgets to send the signal. */
    Run killed(Path folder, Point at) throws Exception {
        return run(folder, at(folder, at, "signal=SIGKILL"));
    }

    /** The call fails without having been made. */
    Run failed(Path folder, Point at, String error) throws Exception {
        List<String> options = new ArrayList<>(List.of("--seccomp-bpf"));
        options.addAll(at(folder, at, "error=" + error));
        return run(folder, options);
    }

    private static List<String> at(Path folder, Point at, String what) {
        return List.of(
                "-f",
                "-P",
                folder.resolve(at.path()).toString(),
                "-e",
                "trace=" + at.call(),
                "-e",
                "inject=" + at.call() + ":" + what + ":when=" + at.nth(),
                "-o",
                folder.resolve("trace").toString());
    }

    private Run run(Path folder, List<String> options) throws Exception {
        List<String> words = new ArrayList<>(List.of(binary(), "-qq"));
        words.addAll(options);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                SweptWriter.class.getName(),
                mode,
                folder.toString()));
        Process process = new ProcessBuilder(words)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        Thread limit = Thread.ofVirtual().start(() -> stop(process));
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        }
        int exit = process.waitFor();
        limit.join();
        return new Run(lines, exit);
    }

    private static void stop(Process process) {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String binary() {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path strace = Path.of(folder, "strace");
            if (Files.isExecutable(strace)) {
                return strace.toString();
            }
        }
        throw new AssertionError("no strace on the PATH (it makes system calls fail): apt-get install -y strace");
    }
}
