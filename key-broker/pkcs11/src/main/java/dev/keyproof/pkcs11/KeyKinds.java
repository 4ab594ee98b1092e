package dev.keyproof.pkcs11;

import java.util.Set;

/** Each kind of key in the numbers and flags of PKCS#11. */
final class KeyKinds {
    private KeyKinds() {}

    /** CKK of such a key. */
    static long type(KeySpec spec) {
        return switch (spec.family()) {
            case AES -> Ck.KEY_AES;
            case HMAC -> Ck.KEY_GENERIC_SECRET;
            case RSA -> Ck.KEY_RSA;
            case EC -> Ck.KEY_EC;
            case EDWARDS -> Ck.KEY_EC_EDWARDS;
        };
    }

    /** CKO of the part that is used. */
    static long kind(KeySpec spec) {
        return spec.isPair() ? Ck.PRIVATE_KEY : Ck.SECRET_KEY;
    }

    static long generator(KeySpec spec) {
        return switch (spec.family()) {
            case AES -> Ck.AES_KEY_GEN;
            case HMAC -> Ck.GENERIC_SECRET_KEY_GEN;
            case RSA -> Ck.RSA_PKCS_KEY_PAIR_GEN;
            case EC -> Ck.EC_KEY_PAIR_GEN;
            case EDWARDS -> Ck.EC_EDWARDS_KEY_PAIR_GEN;
        };
    }

    /** The only mechanisms that such a key is used with; the first is the one it cannot do without. */
    static long[] mechanisms(KeySpec spec) {
        return switch (spec) {
            case AES_256_GCM -> new long[] {Ck.AES_GCM};
            case AES_256_CTR -> new long[] {Ck.AES_CTR};
            case HMAC_SHA256 -> new long[] {Ck.SHA256_HMAC};
            case HMAC_SHA384 -> new long[] {Ck.SHA384_HMAC};
            case HMAC_SHA512 -> new long[] {Ck.SHA512_HMAC};
            case RSA_OAEP_2048, RSA_OAEP_3072, RSA_OAEP_4096 -> new long[] {Ck.RSA_PKCS_OAEP};
            case RSA_2048, RSA_3072, RSA_4096 ->
                new long[] {
                    Ck.RSA_PKCS,
                    Ck.RSA_PKCS_PSS,
                    Ck.SHA256_RSA_PKCS,
                    Ck.SHA384_RSA_PKCS,
                    Ck.SHA512_RSA_PKCS,
                    Ck.SHA256_RSA_PKCS_PSS,
                    Ck.SHA384_RSA_PKCS_PSS,
                    Ck.SHA512_RSA_PKCS_PSS
                };
            case EC_P256, EC_P384, EC_P521 -> new long[] {Ck.ECDSA};
            case ED25519 -> new long[] {Ck.EDDSA};
        };
    }

    /** The one use is set, every other is denied by name. */
    static Template usage(Template template, KeySpec spec) {
        return usage(template, spec, true);
    }

    /** Every use is denied, for a key that is wrapped before anyone may use it. */
    static Template unusable(Template template, KeySpec spec) {
        return usage(template, spec, false);
    }

    private static Template usage(Template template, KeySpec spec, boolean usable) {
        boolean encrypts = usable && spec.purpose() == KeySpec.Purpose.ENCRYPT;
        boolean decrypts = usable && (encrypts || spec.purpose() == KeySpec.Purpose.DECRYPT);
        boolean signs = usable && !decrypts;
        template.flag(Ck.DECRYPT, decrypts)
                .flag(Ck.SIGN, signs)
                .flag(Ck.UNWRAP, false)
                .flag(Ck.DERIVE, false);
        return spec.isPair()
                ? template.flag(Ck.SIGN_RECOVER, false)
                : template.flag(Ck.ENCRYPT, encrypts).flag(Ck.VERIFY, signs).flag(Ck.WRAP, false);
    }

    /** The public half. A signing key's is for the moment of birth only: a certificate or the caller carries it from then on. */
    static Template publicHalf(KeySpec spec) {
        boolean encrypts = spec.purpose() == KeySpec.Purpose.DECRYPT;
        Template open = new Template()
                .number(Ck.CLASS, Ck.PUBLIC_KEY)
                .number(Ck.KEY_TYPE, type(spec))
                .flag(Ck.PRIVATE, false)
                .flag(Ck.VERIFY, !encrypts)
                .flag(Ck.ENCRYPT, encrypts)
                .flag(Ck.WRAP, false)
                .flag(Ck.DERIVE, false);
        return spec.family() == KeySpec.Family.RSA
                ? open.number(Ck.MODULUS_BITS, spec.bits()).bytes(Ck.PUBLIC_EXPONENT, new byte[] {1, 0, 1})
                : open.bytes(Ck.EC_PARAMS, Curves.parameters(spec));
    }

    /** What forbids later change, as far as the token knows it; it comes last. */
    static Template closed(Template template, Set<Guard> guards) {
        if (guards.contains(Guard.NOT_COPYABLE)) {
            template.flag(Ck.COPYABLE, false);
        }
        return template.flag(Ck.MODIFIABLE, false);
    }

    /** Bound to its mechanisms, so that a GCM key is no counter-mode oracle; then closed to change. */
    static Template bound(Template template, Set<Guard> guards, long... mechanisms) {
        if (guards.contains(Guard.ALLOWED_MECHANISMS)) {
            template.number(Ck.ALLOWED_MECHANISMS, mechanisms);
        }
        return closed(template, guards);
    }
}
