package dev.keyproof.pkcs11;

import java.util.List;

/** What {@link WrappedKeys} asks of a token, or of whichever token of a group serves. */
interface Replicas {
    /** A birth that leaves the token wrapped. */
    Wrapping.Born born(KeySpec spec) throws TokenException;

    /** The keys that bind wrapped keys, the one that binds new ones first; never empty. */
    List<KeyHandle> seals() throws TokenException;

    byte[] mac(KeyHandle seal, byte[] message) throws TokenException;

    /** Lets the token show what another process made in it unseen. */
    void renewSight() throws TokenException;

    void forget(KeyHandle handle);
}
