package dev.keyproof.log;

import java.util.List;

/**
 * What a check of a log found.
 *
 * @param size entries that are durable and were read
 * @param signedSize size of the last signed head, 0 if there is none
 * @param faults one line each, naming file and place; empty if everything agrees
 */
public record FsckReport(long size, long signedSize, List<String> faults) {
    public FsckReport {
        faults = List.copyOf(faults);
    }

    public boolean sound() {
        return faults.isEmpty();
    }
}
