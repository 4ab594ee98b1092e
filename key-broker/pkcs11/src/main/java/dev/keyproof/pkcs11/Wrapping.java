package dev.keyproof.pkcs11;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Births of keys that leave the token wrapped at once, and their way back in. */
final class Wrapping {
    private Wrapping() {}

    /** What is left of a birth. */
    record Born(byte[] wrapped, byte[] publicKey) {}

    /** A login's way to wrap and unwrap: it wraps by the first KEK, and one of them unwraps. */
    record Kek(long mechanism, List<Long> objects, Set<Guard> guards) {
        long object() {
            return objects.getFirst();
        }
    }

    /** The fresh key can be extracted, which wrapping needs; it can be used for nothing, and is destroyed before this returns. */
    static Born birth(Cryptoki cryptoki, long session, KeySpec spec, Kek kek) throws TokenException {
        if (!spec.isPair()) {
            long secret = cryptoki.generateKey(
                    session, KeyKinds.generator(spec), fleeting(spec, kek).number(Ck.VALUE_LEN, spec.bits() / 8));
            try {
                TokenObjects.requireSize(cryptoki, session, secret, spec);
                return new Born(KeyCalls.wrap(cryptoki, session, kek.mechanism, kek.object(), secret), new byte[0]);
            } finally {
                cryptoki.destroyObject(session, secret);
            }
        }
        Cryptoki.Pair pair = cryptoki.generateKeyPair(
                session,
                KeyKinds.generator(spec),
                KeyKinds.publicHalf(spec).flag(Ck.ON_TOKEN, false),
                fleeting(spec, kek));
        try {
            TokenObjects.requireSize(cryptoki, session, pair.privateKey(), spec);
            byte[] publicKey =
                    Births.publicKey(cryptoki, session, spec, pair.publicKey()).getEncoded("DER");
            return new Born(
                    KeyCalls.wrap(cryptoki, session, kek.mechanism, kek.object(), pair.privateKey()), publicKey);
        } catch (IOException e) {
            throw new TokenException("The public half of a fresh key cannot be encoded.", e);
        } finally {
            cryptoki.destroyObject(session, pair.privateKey());
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }

    private static Template fleeting(KeySpec spec, Kek kek) {
        Template template = new Template()
                .number(Ck.CLASS, KeyKinds.kind(spec))
                .number(Ck.KEY_TYPE, KeyKinds.type(spec))
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, true);
        KeyKinds.unusable(template, spec);
        return kek.guards.contains(Guard.NOT_COPYABLE) ? template.flag(Ck.COPYABLE, false) : template;
    }

    /**
     * An object of the session, with the attributes that its KEK's template demands, bound to its mechanisms.
     *
     * @throws TokenException.DeviceError what the last KEK's unwrapping was answered with, where none fits
     */
    static long open(Cryptoki cryptoki, long session, KeyHandle handle, WrappedKey key, Kek kek) throws TokenException {
        Template template = KeyKinds.bound(
                TokenKeks.open(key.spec()).bytes(Ck.ID, handle.id()).text(Ck.LABEL, handle.label()),
                kek.guards,
                KeyKinds.mechanisms(key.spec()));
        for (int i = 0; ; i++) {
            try {
                return KeyCalls.unwrap(cryptoki, session, kek.mechanism, kek.objects.get(i), key.wrapped(), template);
            } catch (TokenException.DeviceError e) {
                if (i == kek.objects.size() - 1) {
                    throw e;
                }
            }
        }
    }
}
