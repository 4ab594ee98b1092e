package dev.keyproof.log.drill;

import java.util.List;

/**
 * What a drill found.
 *
 * @param kills processes that were killed
 * @param appends acknowledged before
 * @param entries that were there, over all logs of the drill
 * @param heads released before
 * @param lost acknowledged appends that were missing, torn or elsewhere
 * @param doubled appends that were there more than once
 * @param unAncestored released heads that were no ancestor of the recovered tree
 * @param others what else was wrong
 */
public record DrillReport(
        int kills,
        long appends,
        long entries,
        long heads,
        List<String> lost,
        List<String> doubled,
        List<String> unAncestored,
        List<String> others) {
    public DrillReport {
        lost = List.copyOf(lost);
        doubled = List.copyOf(doubled);
        unAncestored = List.copyOf(unAncestored);
        others = List.copyOf(others);
    }

    /** True if nothing was wrong, and something was tried. */
    public boolean passed() {
        return kills > 0
                && appends > 0
                && lost.isEmpty()
                && doubled.isEmpty()
                && unAncestored.isEmpty()
                && others.isEmpty();
    }
}
