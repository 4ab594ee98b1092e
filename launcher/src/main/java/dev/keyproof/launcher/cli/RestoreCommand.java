package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores keys into an empty token from custodians' shares and a backup, proves each by its use, and seals the report. */
@Command(
        name = "restore",
        description = {
            "Restores the keys of a backup into an empty token from enough custodians' shares, and proves each by its use.",
            "Leaves a sealed report, of a drill that was refused too; --help names the options."
        },
        footer = {
            "",
            "Example: ./keyproof drill restore --token drill --module /usr/lib/softhsm/libsofthsm2.so --pin-file drill.pin \\",
            "           --transcript ceremony/01K....json --share opened/share-1.json --share opened/share-3.json \\",
            "           --backup backups/keys-....json --out drills"
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private HomeOption where = new HomeOption();

    @Option(names = "--out", paramLabel = "DIR", description = "where the report goes (default: drills in the home)")
    private @Nullable Path out;

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "the drill's options")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LauncherException {
        Path chosen = out;
        Path drills = chosen == null ? where.home().root().resolve("drills") : chosen;
        List<String> words = new ArrayList<>(List.of("restore", "--out", drills.toString()));
        words.addAll(arguments);
        Set<Path> before = reports(drills);
        int code = CeremonyCommand.run(words);
        for (Path report : reports(drills)) {
            if (!before.contains(report)) {
                System.out.println("sealed as " + new DrillSeal(where).seal("restore", report, passed(report)));
            }
        }
        return code;
    }

    private static Set<Path> reports(Path drills) throws LauncherException {
        if (!Files.isDirectory(drills)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(drills)) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.startsWith("restore-") && name.endsWith(".json") && !name.endsWith(".sealed.json");
                    })
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw LauncherException.because("the reports in " + drills + " cannot be listed", e);
        }
    }

    private static boolean passed(Path report) throws LauncherException {
        try {
            JsonNode left = new ObjectMapper().readTree(Files.readAllBytes(report));
            return left.path("passed").asBoolean();
        } catch (IOException e) {
            throw LauncherException.because("the report " + report + " cannot be read", e);
        }
    }
}
