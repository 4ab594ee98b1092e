package dev.keyproof.pkcs11;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a token, in one line that says what, why and what to do. The nested types are the cases a caller
 * may tell apart. No message holds a PIN, a key or a plaintext.
 */
public class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    TokenException(String message) {
        super(message);
    }

    TokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The PKCS#11 module is not there or cannot be loaded. */
    public static final class ModuleMissing extends TokenException {
        private static final long serialVersionUID = 1L;

        ModuleMissing(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No token with the wanted label is in any slot, or it was taken out. */
    public static final class TokenNotPresent extends TokenException {
        private static final long serialVersionUID = 1L;

        TokenNotPresent(String message) {
            super(message);
        }
    }

    /** The token was closed here. */
    public static final class Closed extends TokenException {
        private static final long serialVersionUID = 1L;

        Closed(String message) {
            super(message);
        }
    }

    /** A token with this label exists already. */
    public static final class TokenExists extends TokenException {
        private static final long serialVersionUID = 1L;

        TokenExists(String message) {
            super(message);
        }
    }

    /** The token refused the PIN. */
    public static final class WrongPin extends TokenException {
        private static final long serialVersionUID = 1L;

        WrongPin(String message) {
            super(message);
        }
    }

    /** The token locked the PIN after too many wrong ones. */
    public static final class PinLocked extends TokenException {
        private static final long serialVersionUID = 1L;

        PinLocked(String message) {
            super(message);
        }
    }

    /** A wrapped key is not what it should be: altered, or bound to another id or birth. */
    public static final class Tampered extends TokenException {
        private static final long serialVersionUID = 1L;

        Tampered(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody else replaced a value in the token meanwhile. */
    public static final class Overtaken extends TokenException {
        private static final long serialVersionUID = 1L;

        Overtaken(String message) {
            super(message);
        }
    }

    /** A key with this id or label exists already. */
    public static final class KeyExists extends TokenException {
        private static final long serialVersionUID = 1L;

        KeyExists(String message) {
            super(message);
        }
    }

    /** The key is not, or no longer, in the token. */
    public static final class NoSuchKey extends TokenException {
        private static final long serialVersionUID = 1L;

        NoSuchKey(String message) {
            super(message);
        }
    }

    /** The key is not made for this use, or the token cannot do it. */
    public static final class Unsupported extends TokenException {
        private static final long serialVersionUID = 1L;

        Unsupported(String message) {
            super(message);
        }
    }

    /** The ciphertext, its associated data or its form is not what this key once made. */
    public static final class Rejected extends TokenException {
        private static final long serialVersionUID = 1L;

        Rejected(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Any other answer of the device; {@link #ckr()} is its name in the standard. */
    public static final class DeviceError extends TokenException {
        private static final long serialVersionUID = 1L;
        private final long code;

        DeviceError(String function, long code) {
            super(function + " was answered with " + Ckr.name(code) + ".");
            this.code = code;
        }

        /** The name of the return value, such as {@code CKR_DEVICE_ERROR}. */
        public String ckr() {
            return Ckr.name(code);
        }

        /** The return value as a number. */
        public long code() {
            return code;
        }
    }
}
