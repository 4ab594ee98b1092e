package dev.keyproof.pkcs11;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A login and what hangs on it. The first session is kept open, for the login ends with the last one. */
record Link(
        long slot,
        long loginSession,
        ConcurrentLinkedDeque<Long> sessions,
        SunPkcs11 sun,
        Map<KeyHandle, Binding> bindings,
        Cache<KeyHandle, Binding> unwrapped,
        Map<KeySpec, Wrapping.Kek> keks,
        ReentrantLock unwrapping) {

    /** Unwrapped keys that one login keeps open; SoftHSM needs some 5 KB for each. */
    private static final int OPEN_KEYS = 16_384;

    static Link of(long slot, long loginSession, SunPkcs11 sun) {
        return new Link(
                slot,
                loginSession,
                new ConcurrentLinkedDeque<>(),
                sun,
                new ConcurrentHashMap<>(),
                Caffeine.newBuilder()
                        .maximumSize(OPEN_KEYS)
                        .executor(Runnable::run)
                        .removalListener((@Nullable KeyHandle handle, @Nullable Binding gone, RemovalCause why) -> {
                            if (gone != null) {
                                gone.retire();
                            }
                        })
                        .build(),
                new ConcurrentHashMap<>(),
                new ReentrantLock());
    }

    void forget(KeyHandle handle) {
        bindings.remove(handle);
        unwrapped.invalidate(handle);
    }
}
