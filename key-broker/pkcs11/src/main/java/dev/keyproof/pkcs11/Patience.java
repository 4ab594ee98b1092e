package dev.keyproof.pkcs11;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for another process to be done with the token's folder. While one copy of SoftHSM writes an object, others see a part of it, lose
 * handles, or fail over it; a moment later all is well. What is wrong for good is so after the last attempt, too.
 */
final class Patience {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Set<String> PASSING = Set.of("CKR_GENERAL_ERROR", "CKR_OBJECT_HANDLE_INVALID");

    private Patience() {}

    interface Work<T> {
        T run() throws TokenException;
    }

    /** Does work that can be done again. */
    static <T> T with(Work<T> work) throws TokenException {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run();
            } catch (TokenException e) {
                if (attempt == ATTEMPTS || !mayPass(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** An object that is half written looks like one that somebody made wrongly. */
    private static boolean mayPass(TokenException e) {
        if (e instanceof TokenException.Tampered) {
            return true;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (PASSING.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
