package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.run.Survey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how each part is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows each part's address, health and lag; exits 0 when all are well, otherwise 1.",
        footer = {"", "Example: ./keyproof status --json"})
final class StatusCommand implements Callable<Integer> {
    private static final String ROW = "%-14s %-7s %8s %6s %6s  %-24s %s%n";

    @Mixin
    private HomeOption where = new HomeOption();

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Override
    public Integer call() throws LauncherException {
        Context context = where.existing();
        List<Survey.Row> rows = Survey.of(context.house());
        if (json) {
            printJson(context, rows);
        } else {
            System.out.printf(ROW, "PART", "STATE", "PROCESS", "MIB", "LAG", "ADDRESS", "");
            for (Survey.Row row : rows) {
                System.out.printf(
                        ROW,
                        row.name(),
                        row.up() ? "up" : row.running() ? "unwell" : "down",
                        row.running() ? row.pid() : "-",
                        row.running() ? row.memoryMib() : "-",
                        lag(row),
                        row.address(),
                        row.up() || !row.running() ? "" : row.detail());
            }
            rows.stream()
                    .filter(row -> row.name().equals("evidence"))
                    .forEach(row -> segments(row).ifPresent(System.out::println));
        }
        return rows.stream().allMatch(Survey.Row::up) ? 0 : 1;
    }

    /** How much a part has still to do, if it says so. */
    private static String lag(Survey.Row row) {
        try {
            JsonNode lag = new ObjectMapper().readTree(row.detail()).path("lag");
            return lag.isNumber() ? lag.asText() : "-";
        } catch (JsonProcessingException notJson) {
            return "-";
        }
    }

    /** What the evidence service says of the log's files: whether the system keeps what is sealed from being changed. */
    private static Optional<String> segments(Survey.Row row) {
        try {
            JsonNode segments = new ObjectMapper().readTree(row.detail()).path("segments");
            if (!segments.isObject()) {
                return Optional.empty();
            }
            return Optional.of("sealed log: %d of %d whole segments immutable%s"
                    .formatted(
                            segments.path("immutable").asLong(),
                            segments.path("whole").asLong(),
                            segments.path("asked").asBoolean() ? "" : " (log.immutable is off)"));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private static void printJson(Context context, List<Survey.Row> rows) throws LauncherException {
        Map<String, Object> status = new LinkedHashMap<>(context.addresses());
        status.put("parts", rows);
        try {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(status));
        } catch (JsonProcessingException e) {
            throw LauncherException.because("cannot write the status as JSON", e);
        }
    }
}
