package dev.keyproof.pkcs11;

/**
 * What another process made in the token. SoftHSM reads a token's folder anew when the number in its generation file is not the one it
 * knows. Its own writing takes over whatever number stands there, so what another process wrote just before stays unseen until a third
 * change. A change by a copy of the module that is thrown away after is that third one.
 */
final class Sight {
    private static final String SOFTHSM = "SoftHSM";
    private static final String LABEL = "keyproof/sight";

    private Sight() {}

    /** Lets every copy of the module look at the token's folder again, this process's own among them. */
    static void renew(TokenConfig config) throws TokenException {
        if (config.shards() == 0) {
            // A module that must not be copied.
            return;
        }
        try (Token passing = Patience.with(() -> Token.open(config.alone()))) {
            if (!passing.info().manufacturer().startsWith(SOFTHSM)) {
                return;
            }
            passing.first().natively((module, session) -> {
                module.destroyObject(
                        session,
                        module.createObject(
                                session,
                                new Template()
                                        .number(Ck.CLASS, Ck.DATA)
                                        .text(Ck.LABEL, LABEL)
                                        .flag(Ck.ON_TOKEN, true)
                                        .flag(Ck.PRIVATE, true)));
                return LABEL;
            });
        }
    }
}
