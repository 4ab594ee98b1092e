package dev.keyproof.pkcs11;

import java.util.EnumSet;
import java.util.List;

/** The replicated keys of one token. */
record TokenReplicas(Token token, Shard shard, Root root) implements Replicas {
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
        List<KeyHandle> known = look();
        if (!known.isEmpty()) {
            return known;
        }
        if (root == Root.IMPORTED) {
            throw new TokenException.Unsupported("No root of a group was imported into the token \""
                    + token.info().label() + "\" yet.");
        }
        String name = Seals.fresh(token);
        token.generate(KeySpec.HMAC_SHA256, Seals.id(name), name);
        return look();
    }

    private List<KeyHandle> look() throws TokenException {
        return Patience.with(() -> Seals.of(shard, root));
    }

    @Override
    public void renewSight() throws TokenException {
        Sight.renew(token.config());
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
