package dev.keyproof.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Memory of processes as the kernel counts it, shared pages divided by those who share them. */
public final class Memory {
    private Memory() {}

    /** The summed proportional set size of the processes and all their descendants, in KiB. */
    public static long pssKib(Collection<Long> pids) {
        Set<Long> all = new LinkedHashSet<>(pids);
        for (long pid : pids) {
            ProcessHandle.of(pid)
                    .ifPresent(handle ->
                            handle.descendants().map(ProcessHandle::pid).forEach(all::add));
        }
        return all.stream().mapToLong(Memory::pssKib).sum();
    }

    /** The proportional set size of one process in KiB; 0 when it is gone or not ours to read. */
    static long pssKib(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.substring(4, line.length() - 2).strip());
                }
            }
        } catch (IOException gone) {
            return 0;
        }
        return 0;
    }
}
