package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How large the files of a broker may become: for that process alone a disk is full. */
final class FileLimit {
    private FileLimit() {}

    /** None may become larger than the largest in that folder is now. */
    static void set(BrokerProcess broker, Path folder) throws Exception {
        limit(broker, Long.toString(largest(folder)));
    }

    static void lift(BrokerProcess broker) throws Exception {
        limit(broker, "unlimited");
    }

    private static void limit(BrokerProcess broker, String bytes) throws Exception {
        Process process = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(broker.pid()), "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private static long largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .max()
                    .orElseThrow();
        }
    }
}
