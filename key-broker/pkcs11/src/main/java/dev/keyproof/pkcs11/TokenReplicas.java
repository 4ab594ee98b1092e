package dev.keyproof.pkcs11;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicated keys of one token. */
final class TokenReplicas implements Replicas {
    private final Token token;
    private final Shard shard;
    private final Root root;
    /** The seal that this process made, if it was the first to need one. */
    private volatile @Nullable KeyHandle own;

    TokenReplicas(Token token, Shard shard, Root root) {
        this.token = token;
        this.shard = shard;
        this.root = root;
    }

    @Override
    public Wrapping.Born born(KeySpec spec) throws TokenException {
        Guard.requireFor(
                spec, EnumSet.allOf(Guard.class), shard.guards(), token.config().waived());
        // NSS wraps keys on a curve and cannot unwrap them again: a birth that would end in nothing is not begun.
        if (!token.capabilities().replicated().contains(spec)) {
            throw new TokenException.Unsupported(
                    "The token does not wrap and unwrap " + spec + "; such a key can only be resident.");
        }
        return shard.wrapping(spec, Wrapping::birth);
    }

    @Override
    public List<KeyHandle> seals() throws TokenException {
        List<KeyHandle> known = Seals.of(shard, root);
        if (!known.isEmpty()) {
            return ownFirst(known);
        }
        if (root == Root.IMPORTED) {
            throw new TokenException.Unsupported("No root of a group was imported into the token \""
                    + token.info().label() + "\" yet.");
        }
        String name = Seals.fresh(token);
        own = token.generate(KeySpec.HMAC_SHA256, Seals.id(name), name);
        return ownFirst(Seals.of(shard, root));
    }

    /** What this process made is whole; what another made at the same moment may not be yet. */
    private List<KeyHandle> ownFirst(List<KeyHandle> known) {
        KeyHandle first = own;
        if (first == null || !known.contains(first)) {
            return known;
        }
        List<KeyHandle> ordered = new ArrayList<>(known);
        ordered.remove(first);
        ordered.addFirst(first);
        return List.copyOf(ordered);
    }

    @Override
    public byte[] mac(KeyHandle seal, byte[] message) throws TokenException {
        return token.mac(seal, message);
    }

    @Override
    public void forget(KeyHandle handle) {
        token.forget(handle);
    }
}
