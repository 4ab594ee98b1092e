package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import java.io.IOException;
import java.nio.file.Path;

/** {@code demo/summary.json}, for programs. Paths are relative to the home. */
public record Summary(
        String run,
        long operations,
        long journalled,
        long published,
        long sealed,
        long indexed,
        long findings,
        long alerts,
        long quarantined,
        String pack,
        String trust,
        boolean verified,
        String console,
        String broker,
        String opensearch,
        Seconds seconds,
        @JsonProperty("peakMemoryMiB") long peakMemoryMib) {

    /** How long it took. */
    public record Seconds(double setup, double start, double workload, double total) {}

    /**
     * Writes the file.
     *
     * @throws LauncherException if it cannot be written
     */
    public void write(Path file) throws LauncherException {
        try {
            Secrets.writePrivate(
                    file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw LauncherException.because("cannot write " + file, e);
        }
    }
}
