package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.run.Progress;
import dev.keyproof.log.drill.DrillReport;
import dev.keyproof.log.drill.LogCrashDrill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills a process that writes a log, again and again. */
@Command(
        name = "log-crash",
        mixinStandardHelpOptions = true,
        description = {
            "Kills a process that writes a scratch log, recovers the log after each kill, and holds it against what was acknowledged.",
            "Exits 0 only if nothing was lost or doubled and every released head is an ancestor of what was recovered."
        },
        footer = {"", "Example: ./keyproof drill log-crash --times 100 --seed 7"})
final class LogCrashCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int STEPS = 10;

    @Mixin
    private HomeOption where = new HomeOption();

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "100",
            description = "how many kills (default: ${DEFAULT-VALUE}; about a second each)")
    private int times;

    @Option(names = "--seed", paramLabel = "S", description = "repeats the plan of another drill (default: a new one)")
    private @Nullable Long seed;

    @Option(names = "--json", description = "print one JSON object, the report")
    private boolean json;

    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public Integer call() throws LauncherException {
        if (times < 1) {
            throw new LauncherException("--times is at least 1, not " + times);
        }
        Instant begun = Instant.now();
        Long given = seed;
        long chosen = given == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : given;
        String name = "log-crash-" + STAMP.format(begun);
        Path drills = where.home().root().resolve("drills");
        Path file = drills.resolve(name + ".json");
        try {
            Path scratch = Files.createDirectories(drills).resolve(name);
            DrillReport found = drill(Files.createDirectory(scratch), chosen);
            if (found.passed()) {
                Files.delete(scratch);
            }
            ObjectNode report = report(found, begun, chosen);
            Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
            String sealed = new DrillSeal(where).seal("log-crash", file, found.passed());
            System.out.println(
                    json ? report.toString() : verdict(found, chosen) + "; report: " + file + ", sealed as " + sealed);
            return found.passed() ? 0 : 1;
        } catch (IOException | GeneralSecurityException e) {
            throw LauncherException.because("the drill in " + drills + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }

    private DrillReport drill(Path scratch, long chosen)
            throws IOException, GeneralSecurityException, InterruptedException {
        LogCrashDrill drill = new LogCrashDrill(scratch, chosen);
        if (json) {
            return drill.run(times, kills -> {});
        }
        try (Progress progress = Progress.show()) {
            return drill.run(times, steps(progress));
        }
    }

    /** A step for each tenth of the kills. */
    private IntConsumer steps(Progress progress) {
        int length = Math.max(1, times / STEPS);
        return new IntConsumer() {
            private Progress.Step step = progress.begin("log-crash", "killing");

            @Override
            public void accept(int kills) {
                step.doing(kills + " of " + times + " kills");
                if (kills == times || kills % length == 0) {
                    step.done(kills + " of " + times + " kills, all recovered");
                    if (kills < times) {
                        step = progress.begin("log-crash", "killing");
                    }
                }
            }
        };
    }

    private static String verdict(DrillReport found, long seed) {
        String tried = "%,d kills, %,d acknowledged appends, %,d released heads (seed %d)"
                .formatted(found.kills(), found.appends(), found.heads(), seed);
        if (found.passed()) {
            return "log-crash passed: " + tried + "; nothing lost, nothing doubled, every head an ancestor";
        }
        String first = Stream.of(found.lost(), found.doubled(), found.unAncestored(), found.others())
                .flatMap(faults -> faults.stream())
                .findFirst()
                .orElse("no append was acknowledged");
        return "log-crash FAILED: %s; %d lost, %d doubled, %d heads without descendant, %d other faults; first: %s"
                .formatted(
                        tried,
                        found.lost().size(),
                        found.doubled().size(),
                        found.unAncestored().size(),
                        found.others().size(),
                        first);
    }

    private ObjectNode report(DrillReport found, Instant begun, long chosen) {
        ObjectNode report = mapper.createObjectNode();
        report.put("drill", "log-crash");
        report.put("began", begun.toString());
        report.put("ended", Instant.now().toString());
        report.put("seed", chosen);
        report.put("asked", times);
        report.put("passed", found.passed());
        report.setAll((ObjectNode) mapper.valueToTree(found));
        return report;
    }
}
