package dev.keyproof.pkcs11;

import java.util.List;

/** The replicated keys of a group: whichever token serves makes, binds and opens them. */
record GroupReplicas(TokenGroup group) implements Replicas {

    /** The one key that binds wrapped keys, which came with the root. */
    static List<KeyHandle> seal(Token token) throws TokenException {
        List<KeyHandle> seals = Seals.of(token.first(), Root.IMPORTED);
        if (seals.isEmpty()) {
            throw new TokenException.Unsupported("No root of a group was imported into the token \""
                    + token.info().label() + "\" yet.");
        }
        return seals;
    }

    @Override
    public Wrapping.Born born(KeySpec spec) throws TokenException {
        if (!group.capabilities().replicated().contains(spec)) {
            throw new TokenException.Unsupported(
                    "Not every token of the group can wrap and unwrap " + spec + ", so none makes one.");
        }
        return group.anywhere(token -> token.first().wrapping(spec, Wrapping::birth));
    }

    @Override
    public List<KeyHandle> seals() throws TokenException {
        return group.anywhere(GroupReplicas::seal);
    }

    @Override
    public byte[] mac(KeyHandle seal, byte[] message) throws TokenException {
        return group.anywhere(token -> token.mac(seal, message));
    }

    /** The one seal of a group was imported, before any process used it. */
    @Override
    public void renewSight() {}

    @Override
    public void forget(KeyHandle handle) {
        group.forget(handle);
    }
}
