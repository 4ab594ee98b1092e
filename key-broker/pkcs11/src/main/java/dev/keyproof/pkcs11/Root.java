package dev.keyproof.pkcs11;

/** Where the KEKs of a token's replicated keys and the key that binds them come from. */
public enum Root {
    /** They were born in this token, on first use, and no other has them. */
    BORN,
    /** They were imported from a {@link GroupRoot}, and other tokens have the same. */
    IMPORTED
}
