package dev.keyproof.pkcs11;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key in an open token: what it is and where, never what it consists of. Worth keeping: a token gives the same handle for
 * the same key, and it stays valid as long as the token is open, across lost connections too.
 */
public final class KeyHandle {
    private final byte[] id;
    private final String label;
    private final KeySpec spec;
    private final Optional<WrappedKey> wrapped;

    KeyHandle(byte[] id, String label, KeySpec spec) {
        this(id, label, spec, Optional.empty());
    }

    KeyHandle(byte[] id, String label, WrappedKey wrapped) {
        this(id, label, wrapped.spec(), Optional.of(wrapped));
    }

    private KeyHandle(byte[] id, String label, KeySpec spec, Optional<WrappedKey> wrapped) {
        this.id = id.clone();
        this.label = label;
        this.spec = spec;
        this.wrapped = wrapped;
    }

    /** CKA_ID, a copy. */
    public byte[] id() {
        return id.clone();
    }

    /** CKA_ID in lower-case hex. */
    public String hexId() {
        return HexFormat.of().formatHex(id);
    }

    /** CKA_LABEL. */
    public String label() {
        return label;
    }

    /** What kind of key it is. */
    public KeySpec spec() {
        return spec;
    }

    /** What it is unwrapped from, for a key that is not resident. */
    Optional<WrappedKey> wrapped() {
        return wrapped;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHandle handle && Arrays.equals(id, handle.id) && Arrays.equals(mac(), handle.mac());
    }

    /** Tells wrapped keys of one id apart; empty for a resident key. */
    private byte[] mac() {
        return wrapped.map(WrappedKey::mac).orElse(new byte[0]);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(id);
    }

    @Override
    public String toString() {
        return "KeyHandle[" + spec + " " + hexId() + " \"" + label + "\"]";
    }
}
