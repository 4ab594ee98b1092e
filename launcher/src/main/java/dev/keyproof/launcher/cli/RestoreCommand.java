package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.LauncherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Restores keys into an empty token from custodians' shares and a backup, and proves each by its use. */
@Command(
        name = "restore",
        description = {
            "Restores the keys of a backup into an empty token from enough custodians' shares, and proves each by its use.",
            "Leaves a report beside it; --help names the options."
        },
        footer = {
            "",
            "Example: ./keyproof drill restore --token drill --module /usr/lib/softhsm/libsofthsm2.so --pin-file drill.pin \\",
            "           --transcript ceremony/01K....json --share opened/share-1.json --share opened/share-3.json \\",
            "           --backup backups/keys-....json --out drills"
        })
final class RestoreCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "the drill's options")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LauncherException {
        List<String> words = new ArrayList<>(List.of("restore"));
        words.addAll(arguments);
        return CeremonyCommand.run(words);
    }
}
