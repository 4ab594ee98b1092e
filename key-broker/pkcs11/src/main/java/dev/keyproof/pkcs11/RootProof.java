package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a token must show before it serves in a group: the group's root, every key of it. Somebody with the PIN could put a KEK of his own
 * in the place of one that was imported, and it looks the same; so each gives itself away by what it makes of a value that all know, for
 * AES-KWP of one value by one key is always the same.
 *
 * @param seal a MAC by the key that binds wrapped keys
 * @param keks the known value, wrapped by each KEK
 */
record RootProof(byte[] seal, SortedMap<KeySpec, byte[]> keks) {
    private static final byte[] NAME = "keyproof/group/root".getBytes(UTF_8);
    private static final int KNOWN_BYTES = 32;

    RootProof {
        keks = Collections.unmodifiableSortedMap(new TreeMap<>(keks));
    }

    /** As that token gives it, of the KEKs that it has and can use. */
    static RootProof of(Token token) throws TokenException {
        SortedMap<KeySpec, byte[]> keks = new TreeMap<>();
        for (KeySpec spec : token.capabilities().replicated()) {
            Optional<byte[]> wrapped = wrapped(token, spec);
            wrapped.ifPresent(bytes -> keks.put(spec, bytes));
        }
        return new RootProof(seal(token), keks);
    }

    private static byte[] seal(Token token) throws TokenException {
        return token.mac(GroupReplicas.seal(token).getFirst(), NAME);
    }

    private static Optional<byte[]> wrapped(Token token, KeySpec spec) throws TokenException {
        boolean there = token.first()
                .natively((module, session) -> TokenObjects.key(module, session, TokenKeks.id(spec)) != null);
        if (!there) {
            return Optional.empty();
        }
        return Optional.of(token.first().wrapping(spec, (module, session, child, kek) -> {
            long known = module.createObject(
                    session,
                    new Template()
                            .number(Ck.CLASS, Ck.SECRET_KEY)
                            .number(Ck.KEY_TYPE, Ck.KEY_AES)
                            .flag(Ck.ON_TOKEN, false)
                            .flag(Ck.EXTRACTABLE, true)
                            .flag(Ck.ENCRYPT, false)
                            .flag(Ck.DECRYPT, false)
                            .bytes(Ck.VALUE, new byte[KNOWN_BYTES]));
            try {
                return KeyCalls.wrap(module, session, kek.mechanism(), kek.object(), known);
            } finally {
                module.destroyObject(session, known);
            }
        }));
    }

    /**
     * What this and another token of the group have in common.
     *
     * @throws TokenException.Tampered when they do not hold the same root
     */
    RootProof and(RootProof other, String label) throws TokenException {
        requireSame(seal, other.seal, label, "key that binds wrapped keys");
        SortedMap<KeySpec, byte[]> common = new TreeMap<>();
        for (Map.Entry<KeySpec, byte[]> kek : keks.entrySet()) {
            byte[] its = other.keks.get(kek.getKey());
            if (its != null) {
                requireSame(kek.getValue(), its, label, "KEK for " + kek.getKey());
                common.put(kek.getKey(), its);
            }
        }
        return new RootProof(seal, common);
    }

    /**
     * Refuses a token that does not show the same.
     *
     * @throws TokenException.Tampered when it holds another root, or another key in the place of one of the root's
     * @throws TokenException.Unsupported when it lacks a KEK that keys of the group may be wrapped by
     */
    void require(Token token) throws TokenException {
        String label = token.info().label();
        requireSame(seal, seal(token), label, "key that binds wrapped keys");
        for (Map.Entry<KeySpec, byte[]> kek : keks.entrySet()) {
            byte[] its = wrapped(token, kek.getKey())
                    .orElseThrow(() -> new TokenException.Unsupported("The token \"" + label + "\" has no KEK for "
                            + kek.getKey() + ", and the group has keys of that kind; import the root again from its"
                            + " shares into a token that can hold such keys."));
            requireSame(kek.getValue(), its, label, "KEK for " + kek.getKey());
        }
    }

    private static void requireSame(byte[] one, byte[] other, String label, String what) throws TokenException {
        if (!MessageDigest.isEqual(one, other)) {
            throw new TokenException.Tampered(
                    "The token \"" + label + "\" holds another root than the others of its group: its " + what
                            + " is not theirs.",
                    null);
        }
    }
}
