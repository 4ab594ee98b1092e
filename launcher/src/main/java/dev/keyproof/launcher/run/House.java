package dev.keyproof.launcher.run;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.PidFile;
import dev.keyproof.launcher.process.ProcessId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An installation's parts in the order in which an operation travels through them.
 *
 * @param home its folder
 * @param parts its parts; each stands behind those it needs
 */
public record House(Home home, List<Part> parts) {
    public House {
        parts = List.copyOf(parts);
    }

    /** The file that remembers which process a part is. */
    public PidFile pidFile(Part part) {
        return new PidFile(home.run().resolve(part.name() + ".pid"));
    }

    /** The part's log. */
    public Path log(Part part) {
        return home.logs().resolve(part.name() + ".log");
    }

    /** The part's process, if it runs. */
    public Optional<ProcessId> running(Part part) {
        return pidFile(part).running();
    }

    /** The numbers of all processes that run. */
    public Collection<Long> pids() {
        List<Long> pids = new ArrayList<>();
        for (Part part : parts) {
            running(part).ifPresent(id -> pids.add(id.pid()));
        }
        return pids;
    }

    /** The part of that name. */
    public Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }
}
