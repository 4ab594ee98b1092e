package dev.keyproof.broker.operation;

import java.util.concurrent.locks.ReentrantLock;

/** One change of a key at a time in this process; between processes the key's row is the lock. */
public final class KeyLocks {
    private static final int STRIPES = 64;

    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    public KeyLocks() {
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(String keyId) {
        return locks[Math.floorMod(keyId.hashCode(), STRIPES)];
    }
}
