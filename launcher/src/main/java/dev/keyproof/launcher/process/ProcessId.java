package dev.keyproof.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process and no other: a process number is given away again, but not with the same start in the same boot.
 *
 * @param pid the number
 * @param start clock ticks from boot to its start, field 22 of {@code /proc/PID/stat}
 * @param boot the kernel's id of this boot
 */
public record ProcessId(long pid, long start, String boot) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int STATE = 0;
    private static final int START = 19;

    /** The process that has that number now, if there is one that is not a zombie. */
    public static Optional<ProcessId> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The command's name stands in brackets and may hold anything; the fields after it are counted from its
            // end.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            String boot = Files.readString(BOOT_ID).strip();
            return Optional.of(new ProcessId(pid, Long.parseLong(fields[START]), boot));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Reads what {@link #line()} wrote; empty when it is not such a line. */
    static Optional<ProcessId> parse(String line) {
        String[] words = line.strip().split(" ", 4);
        if (words.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String line() {
        return pid + " " + start + " " + boot + "\n";
    }

    /** Whether this very process still runs. */
    public boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }
}
