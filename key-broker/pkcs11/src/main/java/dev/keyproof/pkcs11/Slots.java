package dev.keyproof.pkcs11;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds tokens among the slots of a module by what CK_TOKEN_INFO says. */
final class Slots {
    private static final int LABEL_BYTES = 32;
    private static final int FLAGS_AT = 96;

    private Slots() {}

    /** The slot of the initialised token with this label. */
    static long withLabel(Cryptoki cryptoki, String label) throws TokenException {
        List<String> others = new ArrayList<>();
        for (long slot : cryptoki.slots()) {
            byte[] info = cryptoki.tokenInfo(slot);
            if (initialised(info)) {
                String found = text(info, 0, LABEL_BYTES);
                if (found.equals(label)) {
                    return slot;
                }
                others.add(found);
            }
        }
        throw new TokenException.TokenNotPresent("No token is labelled \"" + label + "\"; "
                + (others.isEmpty()
                        ? "the module shows none at all: does SOFTHSM2_CONF name the right folder?"
                        : "the module shows " + others + "."));
    }

    /** A slot whose token was never initialised. */
    static long blank(Cryptoki cryptoki) throws TokenException {
        for (long slot : cryptoki.slots()) {
            if (!initialised(cryptoki.tokenInfo(slot))) {
                return slot;
            }
        }
        throw new TokenException.TokenNotPresent("The module has no slot with a blank token.");
    }

    static boolean has(Cryptoki cryptoki, String label) throws TokenException {
        for (long slot : cryptoki.slots()) {
            byte[] info = cryptoki.tokenInfo(slot);
            if (initialised(info) && text(info, 0, LABEL_BYTES).equals(label)) {
                return true;
            }
        }
        return false;
    }

    static byte[] padded(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        if (label.isBlank() || bytes.length > LABEL_BYTES) {
            throw new IllegalArgumentException("A token's label has 1 to " + LABEL_BYTES + " bytes.");
        }
        byte[] padded = Arrays.copyOf(bytes, LABEL_BYTES);
        Arrays.fill(padded, bytes.length, LABEL_BYTES, (byte) ' ');
        return padded;
    }

    static TokenInfo info(Cryptoki cryptoki, long slot, int shards) throws TokenException {
        byte[] info = cryptoki.tokenInfo(slot);
        return new TokenInfo(text(info, 0, 32), text(info, 32, 32), text(info, 64, 16), text(info, 80, 16), shards);
    }

    /** Refuses a token whose PIN is locked, or would be by one wrong try: the last one is for a person. */
    static void requireTries(Cryptoki cryptoki, long slot, String label) throws TokenException {
        long flags = flags(cryptoki.tokenInfo(slot));
        if ((flags & Ck.USER_PIN_LOCKED) != 0) {
            throw Failures.locked(label, "CKF_USER_PIN_LOCKED");
        }
        if ((flags & Ck.USER_PIN_FINAL_TRY) != 0) {
            throw new TokenException.PinLocked("The token \"" + label
                    + "\" would lock its PIN at one more wrong try (CKF_USER_PIN_FINAL_TRY): check the PIN's source,"
                    + " then log in once by another tool.");
        }
    }

    private static boolean initialised(byte[] info) {
        return (flags(info) & Ck.TOKEN_INITIALIZED) != 0;
    }

    private static long flags(byte[] info) {
        return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getLong(FLAGS_AT);
    }

    private static String text(byte[] info, int at, int length) {
        return new String(info, at, length, StandardCharsets.UTF_8).stripTrailing();
    }
}
