package dev.keyproof.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rooms as the table in README.md lists them. */
final class Modules {
    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("event-model", "dev.keyproof.event"),
            Map.entry("policy-engine", "dev.keyproof.policy"),
            Map.entry("policy-review", "dev.keyproof.review"),
            Map.entry("sealed-log", "dev.keyproof.log"),
            Map.entry("pkcs11", "dev.keyproof.pkcs11"),
            Map.entry("broker", "dev.keyproof.broker"),
            Map.entry("collector", "dev.keyproof.collector"),
            Map.entry("job", "dev.keyproof.stream"),
            Map.entry("alert-feed", "dev.keyproof.alerts"),
            Map.entry("verifier", "dev.keyproof.verify"),
            Map.entry("witness", "dev.keyproof.witness"),
            Map.entry("evidence-service", "dev.keyproof.evidence"),
            Map.entry("panels", "dev.keyproof.panels"),
            Map.entry("console", "dev.keyproof.console"),
            Map.entry("launcher", "dev.keyproof.launcher"));

    private Modules() {}

    /**
     * A room.
     *
     * @param folder where it lies
     * @param mayUse the names of the rooms whose code it may use
     */
    record Room(Path folder, String name, Set<String> mayUse) {
        String rootPackage() {
            return Optional.ofNullable(PACKAGES.get(name))
                    .orElseThrow(() -> new AssertionError(name + " is a new room"));
        }

        Path classes() {
            return folder.resolve("target/classes");
        }

        /** Fails, rather than looking away, when the room was not built. */
        Room built() {
            if (Files.notExists(classes())) {
                throw new AssertionError(name + " is not built: run 'mvn verify' for all modules");
            }
            return this;
        }
    }

    /** The checkout. */
    static Path root() {
        return Path.of("").toAbsolutePath().resolve("..").normalize();
    }

    /** The rooms that hold Java, in the table's order. */
    static List<Room> rooms() throws IOException {
        List<Room> rooms = new ArrayList<>();
        for (String line : Files.readAllLines(root().resolve("README.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length != 5 || !cells[1].strip().startsWith("`")) {
                continue;
            }
            Path folder = root().resolve(cells[1].strip().replace("`", ""));
            String name = folder.getFileName().toString();
            if (Files.exists(folder.resolve("src/main/java"))) {
                Set<String> mayUse =
                        new TreeSet<>(Arrays.asList(cells[3].strip().split(",\\s*")));
                mayUse.remove("-");
                rooms.add(new Room(folder, name, mayUse));
            }
        }
        return rooms;
    }
}
