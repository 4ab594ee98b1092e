package dev.keyproof.pkcs11;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Puts the keys that are derived from a root into a token: each wrapped to a key pair of the token and unwrapped as what it is to be. */
final class RootImport {
    /** What SoftHSM can; the wrapping lives for a moment, and OAEP does not rest on the collisions of its hash. */
    private static final EncryptionAlgorithm TRANSPORT = EncryptionAlgorithm.RSA_OAEP_SHA1;

    /** Where the wrapping must not be weaker than what it carries for as long as it lives. */
    private static final KeySpec TRANSPORT_KEY = KeySpec.RSA_OAEP_3072;

    private final Cryptoki cryptoki;
    private final long session;
    private final Set<Guard> guards;
    private final List<Long> made = new ArrayList<>();

    private RootImport(Cryptoki cryptoki, long session, Set<Guard> guards) {
        this.cryptoki = cryptoki;
        this.session = session;
        this.guards = guards;
    }

    static void run(Token token, GroupRoot root) throws TokenException {
        Shard shard = token.first();
        Guard.require(EnumSet.allOf(Guard.class), shard.guards(), token.config().waived());
        Set<KeySpec> children = token.capabilities().replicated();
        if (children.isEmpty()) {
            throw new TokenException.Unsupported("The token cannot unwrap keys, so no root can be imported into it.");
        }
        long mechanism = shard.kwp();
        shard.natively((module, session) -> {
            requireNone(module, session);
            new RootImport(module, session, shard.guards()).all(root, children, mechanism);
            return root;
        });
    }

    private static void requireNone(Cryptoki module, long session) throws TokenException {
        for (KeySpec spec : KeySpec.values()) {
            if (TokenObjects.key(module, session, TokenKeks.id(spec)) != null) {
                throw new TokenException.KeyExists("The token has a KEK for " + spec + " already.");
            }
        }
        Template secrets = TokenObjects.persistent().number(Ck.CLASS, Ck.SECRET_KEY);
        for (long object : module.find(session, secrets)) {
            KeyHandle handle = TokenObjects.handle(module, session, object);
            if (handle != null && handle.label().startsWith(Seals.NAME)) {
                throw new TokenException.KeyExists("The token has a key that binds wrapped keys already.");
            }
        }
    }

    private void all(GroupRoot root, Set<KeySpec> children, long mechanism) throws TokenException {
        Cryptoki.Pair pair = transportPair();
        try {
            PublicKey to = Verification.publicKey(Births.publicKey(cryptoki, session, TRANSPORT_KEY, pair.publicKey()));
            for (KeySpec child : children) {
                one(root, TokenKeks.label(child), to, pair, TokenKeks.template(child, guards, mechanism, ""));
            }
            // Last, for without it nobody takes the token for one of the group.
            KeyHandle seal = new KeyHandle(Seals.id(Seals.NAME), Seals.NAME, KeySpec.HMAC_SHA256);
            one(root, Seals.NAME, to, pair, Births.imported(seal, guards));
        } catch (TokenException e) {
            for (long object : made) {
                try {
                    cryptoki.destroyObject(session, object);
                } catch (TokenException again) {
                    e.addSuppressed(again);
                }
            }
            throw e;
        } finally {
            cryptoki.destroyObject(session, pair.privateKey());
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }

    private void one(GroupRoot root, String name, PublicKey to, Cryptoki.Pair pair, Template template)
            throws TokenException {
        byte[] key = root.derive(name);
        try {
            byte[] sealed = Oaep.encrypt(to, TRANSPORT, key);
            made.add(KeyCalls.unwrap(cryptoki, session, TRANSPORT.mechanism(), pair.privateKey(), sealed, template));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private Cryptoki.Pair transportPair() throws TokenException {
        return cryptoki.generateKeyPair(
                session,
                Ck.RSA_PKCS_KEY_PAIR_GEN,
                new Template()
                        .number(Ck.CLASS, Ck.PUBLIC_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_RSA)
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.PRIVATE, false)
                        .flag(Ck.ENCRYPT, false)
                        .flag(Ck.VERIFY, false)
                        .flag(Ck.WRAP, true)
                        .number(Ck.MODULUS_BITS, TRANSPORT_KEY.bits())
                        .bytes(Ck.PUBLIC_EXPONENT, new byte[] {1, 0, 1}),
                new Template()
                        .number(Ck.CLASS, Ck.PRIVATE_KEY)
                        .number(Ck.KEY_TYPE, Ck.KEY_RSA)
                        .flag(Ck.ON_TOKEN, false)
                        .flag(Ck.PRIVATE, true)
                        .flag(Ck.SENSITIVE, true)
                        .flag(Ck.EXTRACTABLE, false)
                        .flag(Ck.SIGN, false)
                        .flag(Ck.DECRYPT, false)
                        .flag(Ck.UNWRAP, true));
    }
}
