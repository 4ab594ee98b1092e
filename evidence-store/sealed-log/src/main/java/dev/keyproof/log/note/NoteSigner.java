package dev.keyproof.log.note;

import java.security.GeneralSecurityException;

/** One key that signs notes. Where it lives, and how it is reached, is the implementation's business. */
public interface NoteSigner {
    /** Key name; must equal that of the verifier: no Unicode space, no plus sign. */
    String name();

    /** First four bytes, big-endian, of the digest that the type prescribes; see {@link NoteKey}. */
    int keyId();

    /** {@link NoteKey#ED25519}, {@link NoteKey#ECDSA} or {@link NoteKey#COSIGNATURE}. */
    byte type();

    /**
     * Signs the note text.
     *
     * @param message UTF-8 bytes of the text, with its last newline and without the blank line
     * @return 64 bytes for Ed25519; the DER sequence over SHA-256 of the message for ECDSA; 8 bytes of time and 64 for a cosignature
     * @throws GeneralSecurityException if the key cannot sign now
     */
    byte[] sign(byte[] message) throws GeneralSecurityException;
}
