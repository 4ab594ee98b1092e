package dev.keyproof.pkcs11;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds out which kinds of key a token has, by its list of mechanisms first and then by making one of each sort for a moment. */
final class KeyTrials {
    /** One of each family is tried, the quickest; what it shows holds for its sisters. */
    private static final List<KeySpec> TRIED =
            List.of(KeySpec.AES_256_GCM, KeySpec.HMAC_SHA256, KeySpec.RSA_2048, KeySpec.EC_P256, KeySpec.ED25519);

    private final Cryptoki cryptoki;
    private final long session;
    private final long slot;
    private final Set<Long> offered;
    private final Set<Guard> guards;
    private final Set<Guard> waived;

    private KeyTrials(Cryptoki cryptoki, long session, long slot, Set<Guard> guards, Set<Guard> waived)
            throws TokenException {
        this.cryptoki = cryptoki;
        this.session = session;
        this.slot = slot;
        this.offered = new HashSet<>(cryptoki.mechanisms(slot));
        this.guards = guards;
        this.waived = waived;
    }

    static Capabilities capabilities(Cryptoki cryptoki, long session, long slot, Set<Guard> guards, Set<Guard> waived)
            throws TokenException {
        return new KeyTrials(cryptoki, session, slot, guards, waived).all();
    }

    /** Whether the module offers AES-KWP under any number. */
    static boolean wraps(Cryptoki cryptoki, long slot) throws TokenException {
        List<Long> mechanisms = cryptoki.mechanisms(slot);
        return mechanisms.contains(Ck.AES_KEY_WRAP_KWP) || mechanisms.contains(Ck.AES_KEY_WRAP_PAD_SOFTHSM);
    }

    private Capabilities all() throws TokenException {
        EnumSet<KeySpec> made = EnumSet.noneOf(KeySpec.class);
        for (KeySpec spec : KeySpec.values()) {
            // Without a limit to one mode, a key for counter mode and one for GCM would be the same.
            boolean bound = spec != KeySpec.AES_256_CTR || guards.contains(Guard.ALLOWED_MECHANISMS);
            if (bound && offers(KeyKinds.generator(spec)) && offers(KeyKinds.mechanisms(spec)[0])) {
                made.add(spec);
            }
        }
        Set<KeySpec> wrapped = wrapped(made);
        return new Capabilities(
                allows(Guard.RESIDENT) ? made : Set.of(),
                allows(EnumSet.allOf(Guard.class)) ? wrapped : Set.of(),
                signatures(made),
                made.contains(KeySpec.RSA_OAEP_2048) ? encryptions() : Set.of(),
                guards);
    }

    private boolean offers(long mechanism) {
        return offered.contains(mechanism);
    }

    private boolean allows(Set<Guard> needed) {
        return needed.stream().allMatch(guard -> guards.contains(guard) || waived.contains(guard));
    }

    private Set<SignatureAlgorithm> signatures(Set<KeySpec> made) {
        EnumSet<SignatureAlgorithm> signatures = EnumSet.noneOf(SignatureAlgorithm.class);
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (made.stream().anyMatch(algorithm::fits) && (!algorithm.isPss() || offers(Ck.RSA_PKCS_PSS))) {
                signatures.add(algorithm);
            }
        }
        return signatures;
    }

    /** A kind that was never unwrapped is not claimed: SoftHSM makes Edwards keys and cannot wrap them. */
    private Set<KeySpec> wrapped(Set<KeySpec> made) throws TokenException {
        EnumSet<KeySpec> wrapped = EnumSet.noneOf(KeySpec.class);
        if (!wraps(cryptoki, slot)) {
            return wrapped;
        }
        long kek = cryptoki.generateKey(
                session,
                Ck.AES_KEY_GEN,
                new Template()
                        .number(Ck.CLASS, Ck.SECRET_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_AES)
                        .number(Ck.VALUE_LEN, 32)
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.WRAP, true)
                        .flag(Ck.UNWRAP, true));
        Wrapping.Kek wrapping = new Wrapping.Kek(TokenKeks.mechanism(cryptoki, slot), List.of(kek), guards);
        try {
            for (KeySpec spec : TRIED) {
                if (made.contains(spec) && comesBack(spec, wrapping)) {
                    made.stream().filter(one -> one.family() == spec.family()).forEach(wrapped::add);
                }
            }
            return wrapped;
        } finally {
            cryptoki.destroyObject(session, kek);
        }
    }

    private boolean comesBack(KeySpec spec, Wrapping.Kek kek) throws TokenException {
        try {
            Wrapping.Born born = Wrapping.birth(cryptoki, session, spec, kek);
            WrappedKey key = new WrappedKey(spec, born.wrapped(), born.publicKey(), new byte[0]);
            byte[] id = {1};
            cryptoki.destroyObject(
                    session, Wrapping.open(cryptoki, session, new KeyHandle(id, "trial", key), key, kek));
            return true;
        } catch (TokenException.DeviceError e) {
            Failures.rethrowLoss(e);
            return false;
        }
    }

    /** SoftHSM offers the mechanism and refuses any hash but SHA-1; what it begins to decrypt shows what it can. */
    private Set<EncryptionAlgorithm> encryptions() throws TokenException {
        KeySpec spec = KeySpec.RSA_OAEP_2048;
        Cryptoki.Pair pair = cryptoki.generateKeyPair(
                session,
                KeyKinds.generator(spec),
                KeyKinds.publicHalf(spec).flag(Ck.ON_TOKEN, false),
                KeyKinds.usage(
                        new Template()
                                .number(Ck.CLASS, Ck.PRIVATE_KEY)
                                .number(Ck.KEY_TYPE, Ck.KEY_RSA)
                                .flag(Ck.ON_TOKEN, false)
                                .flag(Ck.PRIVATE, true)
                                .flag(Ck.SENSITIVE, true)
                                .flag(Ck.EXTRACTABLE, false),
                        spec));
        try {
            PublicKey publicKey = Verification.publicKey(Births.publicKey(cryptoki, session, spec, pair.publicKey()));
            EnumSet<EncryptionAlgorithm> encryptions = EnumSet.noneOf(EncryptionAlgorithm.class);
            byte[] message = {7};
            for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
                try {
                    byte[] sealed = Oaep.encrypt(publicKey, algorithm, message);
                    if (Arrays.equals(
                            message,
                            KeyCalls.decrypt(cryptoki, session, algorithm.mechanism(), pair.privateKey(), sealed))) {
                        encryptions.add(algorithm);
                    }
                } catch (TokenException.DeviceError e) {
                    Failures.rethrowLoss(e);
                }
            }
            return encryptions;
        } finally {
            cryptoki.destroyObject(session, pair.privateKey());
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }
}
