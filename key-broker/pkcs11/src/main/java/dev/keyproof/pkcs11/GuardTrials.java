package dev.keyproof.pkcs11;

import java.util.EnumSet;
import java.util.Set;

/**
 * Finds out what a token refuses: makes a key that forbids something, for this moment and this session only, and does just that.
 * A module that knows an attribute does not always heed it: NSS keeps an unwrap template and unwraps as it is told.
 */
final class GuardTrials {
    private final Cryptoki cryptoki;
    private final long session;
    private final long slot;

    private GuardTrials(Cryptoki cryptoki, long session, long slot) {
        this.cryptoki = cryptoki;
        this.session = session;
        this.slot = slot;
    }

    static Set<Guard> guards(Cryptoki cryptoki, long session, long slot) throws TokenException {
        GuardTrials trials = new GuardTrials(cryptoki, session, slot);
        EnumSet<Guard> guards = EnumSet.noneOf(Guard.class);
        for (Guard guard : Guard.values()) {
            if (trials.holds(guard)) {
                guards.add(guard);
            }
        }
        return Set.copyOf(guards);
    }

    private boolean holds(Guard guard) throws TokenException {
        return switch (guard) {
            case NOT_MODIFIABLE ->
                refuses(
                        key(true).flag(Ck.MODIFIABLE, false),
                        key -> cryptoki.setAttributes(session, key, new Template().flag(Ck.WRAP, true)));
            case NOT_COPYABLE ->
                refuses(
                        key(true).flag(Ck.COPYABLE, false).flag(Ck.MODIFIABLE, false),
                        key -> cryptoki.destroyObject(
                                session, cryptoki.copyObject(session, key, new Template().flag(Ck.WRAP, true))));
            case ALLOWED_MECHANISMS ->
                refuses(
                        key(true).number(Ck.ALLOWED_MECHANISMS, Ck.AES_GCM),
                        key -> KeyCalls.encrypt(cryptoki, session, Mechanism.of(Ck.AES_ECB), key, new byte[16]));
            case UNWRAP_TEMPLATE -> fixesWhatItUnwraps();
        };
    }

    private boolean fixesWhatItUnwraps() throws TokenException {
        if (!KeyTrials.wraps(cryptoki, slot)) {
            return false;
        }
        long mechanism = TokenKeks.mechanism(cryptoki, slot);
        Template kek = new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .number(Ck.VALUE_LEN, 32)
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.WRAP, true)
                .flag(Ck.UNWRAP, true)
                .template(Ck.UNWRAP_TEMPLATE, TokenKeks.fixed(KeySpec.AES_256_GCM, Set.of()));
        long child = cryptoki.generateKey(session, Ck.AES_KEY_GEN, key(false));
        try {
            return refuses(kek, key -> {
                byte[] wrapped = KeyCalls.wrap(cryptoki, session, mechanism, key, child);
                Template readable = new Template()
                        .number(Ck.CLASS, Ck.SECRET_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_AES)
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.SENSITIVE, false)
                        .flag(Ck.EXTRACTABLE, true);
                cryptoki.destroyObject(session, KeyCalls.unwrap(cryptoki, session, mechanism, key, wrapped, readable));
            });
        } finally {
            cryptoki.destroyObject(session, child);
        }
    }

    private static Template key(boolean usable) {
        return new Template()
                .number(Ck.CLASS, Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Ck.KEY_AES)
                .number(Ck.VALUE_LEN, 32)
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, !usable)
                .flag(Ck.ENCRYPT, usable)
                .flag(Ck.DECRYPT, usable)
                .flag(Ck.WRAP, false);
    }

    private interface Attack {
        void on(long key) throws TokenException;
    }

    /** False as well where no such key can be made. */
    private boolean refuses(Template template, Attack attack) throws TokenException {
        long key;
        try {
            key = cryptoki.generateKey(session, Ck.AES_KEY_GEN, template);
        } catch (TokenException.DeviceError e) {
            Failures.rethrowLoss(e);
            return false;
        }
        try {
            attack.on(key);
            return false;
        } catch (TokenException.DeviceError e) {
            Failures.rethrowLoss(e);
            return true;
        } finally {
            cryptoki.destroyObject(session, key);
        }
    }
}
