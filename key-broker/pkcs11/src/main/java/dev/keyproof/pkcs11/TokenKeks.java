package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * The token KEKs: resident keys that wrap and unwrap key objects by AES-KWP (RFC 5649) and do nothing else, one for each kind of
 * child. What such a key unwraps gets the attributes of its template, whatever the caller asks: otherwise one who is logged in
 * could have a wrapped key come back as one that can be read, or that decrypts what it should only wrap.
 */
final class TokenKeks {
    private static final String PREFIX = "keyproof/kek/";

    private TokenKeks() {}

    /** The KEK for children of that kind, made if the token has none. */
    static long ofKind(Cryptoki cryptoki, long session, long slot, KeySpec child) throws TokenException {
        byte[] id = (PREFIX + child).getBytes(UTF_8);
        Long known = TokenObjects.key(cryptoki, session, id);
        return known != null ? known : make(cryptoki, session, slot, id, child);
    }

    private static long make(Cryptoki cryptoki, long session, long slot, byte[] id, KeySpec child)
            throws TokenException {
        return cryptoki.generateKey(
                session,
                Ck.AES_KEY_GEN,
                new Template()
                        .number(Ck.CLASS, Ck.SECRET_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_AES)
                        .bytes(Ck.ID, id)
                        .text(Ck.LABEL, PREFIX + child)
                        .number(Ck.VALUE_LEN, 32)
                        .flag(Ck.ON_TOKEN, true)
                        .flag(Ck.PRIVATE, true)
                        .flag(Ck.SENSITIVE, true)
                        .flag(Ck.EXTRACTABLE, false)
                        .flag(Ck.ENCRYPT, false)
                        .flag(Ck.DECRYPT, false)
                        .flag(Ck.SIGN, false)
                        .flag(Ck.VERIFY, false)
                        .flag(Ck.DERIVE, false)
                        .flag(Ck.WRAP, true)
                        .flag(Ck.UNWRAP, true)
                        .number(Ck.ALLOWED_MECHANISMS, mechanism(cryptoki, slot))
                        .template(Ck.UNWRAP_TEMPLATE, fixed(child))
                        .flag(Ck.COPYABLE, false)
                        .flag(Ck.MODIFIABLE, false));
    }

    /** What every unwrapped child of the kind has; the module refuses an unwrapping that asks for anything else. */
    static Template fixed(KeySpec child) {
        return closed(open(child));
    }

    /** What forbids later change; it comes last. */
    static Template closed(Template template) {
        return template.flag(Ck.COPYABLE, false).flag(Ck.MODIFIABLE, false);
    }

    /** All but what forbids later change. */
    static Template open(KeySpec child) {
        boolean pair = child.purpose() == KeySpec.Purpose.SIGN;
        boolean encrypts = child.purpose() == KeySpec.Purpose.ENCRYPT;
        Template template = new Template()
                .number(Ck.CLASS, pair ? Ck.PRIVATE_KEY : Ck.SECRET_KEY)
                .number(Ck.KEY_TYPE, Births.type(child))
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, false)
                .flag(Ck.DECRYPT, encrypts)
                .flag(Ck.SIGN, !encrypts)
                .flag(Ck.UNWRAP, false)
                .flag(Ck.DERIVE, false);
        if (pair) {
            template.flag(Ck.SIGN_RECOVER, false);
        } else {
            template.flag(Ck.ENCRYPT, encrypts).flag(Ck.VERIFY, !encrypts).flag(Ck.WRAP, false);
        }
        return template;
    }

    /** AES-KWP by the number that the module gives it. */
    static long mechanism(Cryptoki cryptoki, long slot) throws TokenException {
        List<Long> offered = cryptoki.mechanisms(slot);
        if (offered.contains(Ck.AES_KEY_WRAP_KWP)) {
            return Ck.AES_KEY_WRAP_KWP;
        }
        if (offered.contains(Ck.AES_KEY_WRAP_PAD_SOFTHSM)) {
            return Ck.AES_KEY_WRAP_PAD_SOFTHSM;
        }
        throw new TokenException.Unsupported(
                "The token offers no AES-KWP, so no key can be kept wrapped outside of it.");
    }
}
