package dev.keyproof.pkcs11;

import java.nio.file.Path;

/**
 * Makes a token, in a process of its own: {@code InitialiseToken MODULE LABEL SO_PIN_FILE USER_PIN_FILE}. Which token folder SoftHSM
 * works on stands in {@code SOFTHSM2_CONF}, which a Java process cannot set for itself. A token of that label that is there already is
 * left as it is.
 */
public final class InitialiseToken {
    private InitialiseToken() {}

    /** Exit code 2 on wrong usage, 1 when the token cannot be made. */
    public static void main(String[] arguments) {
        if (arguments.length != 4) {
            System.err.println("usage: InitialiseToken MODULE LABEL SO_PIN_FILE USER_PIN_FILE");
            System.exit(2);
        }
        try {
            Token.initialise(
                    Path.of(arguments[0]),
                    arguments[1],
                    PinSource.file(Path.of(arguments[2])),
                    PinSource.file(Path.of(arguments[3])));
        } catch (TokenException.TokenExists there) {
            System.out.println("token " + arguments[1] + " is there already");
        } catch (TokenException e) {
            System.err.println("initialise-token: " + e.getMessage());
            System.exit(1);
        }
    }
}
