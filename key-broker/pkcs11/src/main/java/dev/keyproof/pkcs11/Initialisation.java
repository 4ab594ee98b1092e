package dev.keyproof.pkcs11;

import java.util.Arrays;

/** Makes a token: C_InitToken by the security officer, then the user's PIN. */
final class Initialisation {
    private Initialisation() {}

    static void run(Cryptoki cryptoki, String label, PinSource soPin, PinSource userPin) throws TokenException {
        byte[] name = Slots.padded(label);
        if (Slots.has(cryptoki, label)) {
            throw new TokenException.TokenExists("A token labelled \"" + label + "\" exists already.");
        }
        byte[] officer = Pins.bytes(soPin);
        byte[] user = Pins.bytes(userPin);
        try {
            cryptoki.initToken(Slots.blank(cryptoki), officer, name);
            // The module may give the token another slot once it has a serial number.
            long slot = Slots.withLabel(cryptoki, label);
            long session = cryptoki.openSession(slot);
            cryptoki.login(session, Ck.USER_SO, officer);
            cryptoki.initPin(session, user);
            cryptoki.closeAllSessions(slot);
        } catch (TokenException.DeviceError e) {
            throw Failures.login(label, e);
        } finally {
            Arrays.fill(officer, (byte) 0);
            Arrays.fill(user, (byte) 0);
        }
    }
}
