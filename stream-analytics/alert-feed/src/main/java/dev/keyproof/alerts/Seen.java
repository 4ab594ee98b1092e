package dev.keyproof.alerts;

import java.util.LinkedHashSet;

/** The uids seen last, as many as given. Not thread-safe. */
final class Seen {
    private final int most;
    private final LinkedHashSet<String> uids = new LinkedHashSet<>();

    Seen(int most) {
        this.most = most;
    }

    /** False if it was there already. */
    boolean add(String uid) {
        boolean fresh = uids.add(uid);
        if (uids.size() > most) {
            uids.removeFirst();
        }
        return fresh;
    }
}
