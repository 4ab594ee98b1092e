package dev.keyproof.pkcs11;

import java.security.Key;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a key is under one login. An unwrapped key's object is destroyed when it is retired, but not before its last use has ended:
 * a module may give the number of a destroyed object to the next one.
 */
final class Binding {
    /** Set in the count of uses once the binding is retired. */
    private static final int RETIRED = 1 << 30;

    private final long object;
    private final @Nullable Key key;
    private final Runnable destruction;
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicBoolean destroyed = new AtomicBoolean();

    private Binding(long object, @Nullable Key key, Runnable destruction) {
        this.object = object;
        this.key = key;
        this.destruction = destruction;
    }

    /** A key that lives in the token; the JCA key is missing where SunPKCS11 cannot use its kind. */
    static Binding resident(long object, @Nullable Key key) {
        return new Binding(object, key, () -> {});
    }

    /** A key that was unwrapped for this login. */
    static Binding unwrapped(long object, Runnable destruction) {
        return new Binding(object, null, destruction);
    }

    long object() {
        return object;
    }

    @Nullable Key key() {
        return key;
    }

    /** Begins a use; false when the binding was retired. */
    boolean acquire() {
        if (uses.incrementAndGet() < RETIRED) {
            return true;
        }
        release();
        return false;
    }

    void release() {
        if (uses.decrementAndGet() == RETIRED) {
            destroy();
        }
    }

    /** Ends the binding; called once. */
    void retire() {
        if (uses.getAndAdd(RETIRED) == 0) {
            destroy();
        }
    }

    /** Once: whoever comes late passes here too, and by then the number may be another object's. */
    private void destroy() {
        if (destroyed.compareAndSet(false, true)) {
            destruction.run();
        }
    }
}
