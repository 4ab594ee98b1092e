package dev.keyproof.pkcs11;

import java.util.Set;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/** Turns what a device or a provider answered into the exception a caller can act on. */
final class Failures {
    private static final Set<String> BAD_CIPHERTEXT =
            Set.of("CKR_ENCRYPTED_DATA_INVALID", "CKR_ENCRYPTED_DATA_LEN_RANGE");

    private Failures() {}

    static TokenException login(String label, TokenException.DeviceError e) {
        if (e.code() == Ckr.PIN_INCORRECT || e.code() == Ckr.PIN_INVALID || e.code() == Ckr.PIN_LEN_RANGE) {
            return new TokenException.WrongPin("The token \"" + label + "\" refused the PIN (" + e.ckr() + ").");
        }
        if (e.code() == Ckr.PIN_LOCKED) {
            return locked(label, e.ckr());
        }
        if (e.code() == Ckr.PIN_EXPIRED) {
            return new TokenException.WrongPin("The token \"" + label
                    + "\" wants a new PIN (CKR_PIN_EXPIRED): change it, then correct the PIN's source.");
        }
        return e;
    }

    static TokenException.PinLocked locked(String label, String why) {
        return new TokenException.PinLocked("The token \"" + label + "\" has locked its PIN (" + why
                + "); its security officer must set a new one.");
    }

    /** A refusal is an answer; that sessions or the device are gone is none. */
    static void rethrowLoss(TokenException.DeviceError e) throws TokenException.DeviceError {
        if (Ckr.LOST.contains(e.ckr()) || Ckr.BROKEN.contains(e.ckr())) {
            throw e;
        }
    }

    /** SoftHSM calls a tag that does not fit a general error. */
    static TokenException decryption(KeyHandle handle, TokenException.DeviceError e) {
        return BAD_CIPHERTEXT.contains(e.ckr()) || e.code() == Ckr.GENERAL_ERROR
                ? new TokenException.Rejected(
                        "The ciphertext or its associated data is not what " + handle + " made.", e)
                : e;
    }

    static TokenException wrapping(KeySpec spec, TokenException.DeviceError e) {
        return e.code() == Ckr.KEY_NOT_WRAPPABLE
                ? new TokenException.Unsupported(
                        "The token wraps no " + spec + " (" + e.ckr() + "); such a key can only be resident.")
                : e;
    }

    static TokenException translate(KeyHandle handle, Exception e, @Nullable String ckr) {
        if (e instanceof AEADBadTagException || (ckr != null && BAD_CIPHERTEXT.contains(ckr))) {
            return new TokenException.Rejected(
                    "The ciphertext or its associated data is not what " + handle + " made.", e);
        }
        if ("CKR_KEY_HANDLE_INVALID".equals(ckr) || "CKR_OBJECT_HANDLE_INVALID".equals(ckr)) {
            return new TokenException.NoSuchKey(handle + " is not in the token any more.");
        }
        Long code = ckr == null ? null : Ckr.code(ckr);
        if (code != null && (Ckr.LOST.contains(ckr) || Ckr.BROKEN.contains(ckr))) {
            TokenException.DeviceError error = new TokenException.DeviceError("The use of " + handle, code);
            error.initCause(e);
            return error;
        }
        return new TokenException(
                "The token could not use " + handle + ": "
                        + (ckr != null ? ckr : e.getClass().getSimpleName()) + ".",
                e);
    }
}
