package dev.keyproof.launcher.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to run.
 *
 * @param words program and arguments; no secret stands among them, since everybody can read them
 * @param environment added to the few variables that every part gets
 * @param folder the working folder
 */
public record Command(List<String> words, Map<String, String> environment, Path folder) {
    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }
}
