package dev.keyproof.evidence.remote;

import dev.keyproof.log.tile.TilePath;

/** The keys in the bucket: a C2SP log for each year but for its checkpoints, each of which stands under its size. */
final class Layout {
    static final String LOGS = "log/";
    static final String ARTIFACTS = "artifacts/";
    static final String EVIDENCE = "evidence/";
    static final String TIME = EVIDENCE + "time/";

    private Layout() {}

    static String checkpoints(int year) {
        return LOGS + year + "/checkpoint/";
    }

    /** With leading zeros: keys are listed in the order of sizes. */
    static String checkpoint(int year, long size) {
        return checkpoints(year) + String.format("%019d", size);
    }

    /** The size in a checkpoint's key, or -1 if it is none. */
    static long size(String key) {
        String digits = key.substring(key.lastIndexOf('/') + 1);
        return digits.matches("[0-9]{19}") && digits.compareTo(Long.toString(Long.MAX_VALUE)) <= 0
                ? Long.parseLong(digits)
                : -1;
    }

    static String tile(int year, TilePath tile) {
        return LOGS + year + "/" + tile.path();
    }

    static String positions(int year, long size) {
        return "positions/" + year + "/" + String.format("%019d", size);
    }

    static String token(int year, long size, String ending) {
        return TIME + year + "/" + size + "." + ending;
    }
}
