package dev.keyproof.pkcs11;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to the token that a label names. A PIN that was refused is not offered again before its source gives another, for a token
 * counts: a broker that repeats a wrong PIN for each call would lock it within a second. Callers take turns.
 */
final class Login {
    private final Cryptoki cryptoki;
    private final TokenConfig config;
    private final byte[] salt = new byte[16];
    private byte @Nullable [] refused;

    Login(Cryptoki cryptoki, TokenConfig config) {
        this.cryptoki = cryptoki;
        this.config = config;
        new SecureRandom().nextBytes(salt);
    }

    /**
     * A session that is logged in.
     *
     * @throws TokenException.WrongPin if the PIN is refused, or is the one that was
     * @throws TokenException.PinLocked if it is locked, or the next wrong one would lock it
     */
    long session(long slot) throws TokenException {
        byte[] pin = Pins.bytes(config.pin());
        long session = 0;
        boolean open = false;
        try {
            byte[] mark = mark(pin);
            if (Arrays.equals(mark, refused)) {
                throw new TokenException.WrongPin("The token \"" + config.label()
                        + "\" refused the PIN before, and it is still the same: correct the PIN's source.");
            }
            Slots.requireTries(cryptoki, slot, config.label());
            session = cryptoki.openSession(slot);
            open = true;
            logIn(session, pin, mark);
            open = false;
            return session;
        } finally {
            Arrays.fill(pin, (byte) 0);
            if (open) {
                discard(cryptoki, session);
            }
        }
    }

    private void logIn(long session, byte[] pin, byte[] mark) throws TokenException {
        try {
            cryptoki.login(session, Ck.USER, pin);
            refused = null;
        } catch (TokenException.DeviceError e) {
            if (e.code() == Ckr.USER_ALREADY_LOGGED_IN) {
                return;
            }
            TokenException told = Failures.login(config.label(), e);
            if (told instanceof TokenException.WrongPin) {
                refused = mark;
            }
            throw told;
        }
    }

    /** Tells whether a PIN is the one before, without keeping it. */
    private byte[] mark(byte[] pin) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(pin);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    static void discard(Cryptoki cryptoki, long session) {
        try {
            cryptoki.closeSession(session);
        } catch (TokenException e) {
            // It is lost already, which is why it is thrown away.
            return;
        }
    }
}
