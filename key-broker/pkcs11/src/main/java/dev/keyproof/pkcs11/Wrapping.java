package dev.keyproof.pkcs11;

import java.io.IOException;

/** Births of keys that leave the token wrapped at once, and their way back in. */
final class Wrapping {
    private Wrapping() {}

    /** What is left of a birth. */
    record Born(byte[] wrapped, byte[] publicKey) {}

    /** A login's way to wrap. */
    record Kek(long mechanism, long object) {}

    /** The fresh key can be extracted, which wrapping needs; it can be used for nothing, and is destroyed before this returns. */
    static Born birth(Cryptoki cryptoki, long session, KeySpec spec, Kek kek) throws TokenException {
        if (spec.purpose() != KeySpec.Purpose.SIGN) {
            long secret = cryptoki.generateKey(
                    session,
                    Births.secretGenerator(spec),
                    new Template()
                            .number(Ck.CLASS, Ck.SECRET_KEY)
                            .number(Ck.KEY_TYPE, Births.type(spec))
                            .number(Ck.VALUE_LEN, spec.bits() / 8)
                            .flag(Ck.ON_TOKEN, false)
                            .flag(Ck.PRIVATE, true)
                            .flag(Ck.SENSITIVE, true)
                            .flag(Ck.EXTRACTABLE, true)
                            .flag(Ck.ENCRYPT, false)
                            .flag(Ck.DECRYPT, false)
                            .flag(Ck.SIGN, false)
                            .flag(Ck.VERIFY, false)
                            .flag(Ck.WRAP, false)
                            .flag(Ck.UNWRAP, false)
                            .flag(Ck.COPYABLE, false));
            try {
                TokenObjects.requireSize(cryptoki, session, secret, spec);
                return new Born(KeyCalls.wrap(cryptoki, session, kek.mechanism, kek.object, secret), new byte[0]);
            } finally {
                cryptoki.destroyObject(session, secret);
            }
        }
        Cryptoki.Pair pair = cryptoki.generateKeyPair(
                session,
                Births.generator(spec),
                Births.publicTemplate(spec),
                new Template()
                        .number(Ck.CLASS, Ck.PRIVATE_KEY)
                        .number(Ck.KEY_TYPE, Births.type(spec))
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.PRIVATE, true)
                        .flag(Ck.SENSITIVE, true)
                        .flag(Ck.EXTRACTABLE, true)
                        .flag(Ck.SIGN, false)
                        .flag(Ck.SIGN_RECOVER, false)
                        .flag(Ck.DECRYPT, false)
                        .flag(Ck.UNWRAP, false)
                        .flag(Ck.DERIVE, false)
                        .flag(Ck.COPYABLE, false));
        try {
            TokenObjects.requireSize(cryptoki, session, pair.privateKey(), spec);
            byte[] publicKey =
                    Births.publicKey(cryptoki, session, spec, pair.publicKey()).getEncoded("DER");
            return new Born(KeyCalls.wrap(cryptoki, session, kek.mechanism, kek.object, pair.privateKey()), publicKey);
        } catch (IOException e) {
            throw new TokenException("The public half of a fresh key cannot be encoded.", e);
        } finally {
            cryptoki.destroyObject(session, pair.privateKey());
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }

    /** An object of the session, with the attributes that its KEK's template demands, bound to its mechanisms. */
    static long open(Cryptoki cryptoki, long session, KeyHandle handle, WrappedKey key, Kek kek) throws TokenException {
        return KeyCalls.unwrap(
                cryptoki,
                session,
                kek.mechanism,
                kek.object,
                key.wrapped(),
                TokenKeks.closed(TokenKeks.open(key.spec())
                        .bytes(Ck.ID, handle.id())
                        .text(Ck.LABEL, handle.label())
                        .number(Ck.ALLOWED_MECHANISMS, Births.mechanisms(key.spec()))));
    }
}
