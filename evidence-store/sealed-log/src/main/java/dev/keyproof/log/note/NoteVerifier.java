package dev.keyproof.log.note;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A known key that verifies notes.
 *
 * @param name as in the signature lines
 * @param keyId as in the signature lines
 * @param type {@link NoteKey#ED25519}, {@link NoteKey#ECDSA} or {@link NoteKey#COSIGNATURE}
 * @param key the public key
 */
public record NoteVerifier(String name, int keyId, byte type, PublicKey key) {
    private static final int P256_BITS = 256;
    private static final int ED25519_BYTES = 32;

    /**
     * The verifier of a key under a name.
     *
     * @throws NoteException if the name may not stand in a note, or the key is neither Ed25519 nor on P-256
     */
    public static NoteVerifier of(String name, PublicKey key) throws NoteException {
        if (!NoteKey.isName(name)) {
            throw new NoteException("not a key name: " + name);
        }
        if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() != P256_BITS) {
            throw new NoteException("an ECDSA key for notes is on P-256: " + name);
        }
        try {
            NoteVerifier verifier = new NoteVerifier(name, NoteKey.id(name, key), NoteKey.type(key), key);
            // A key that decodes may still be no point of its curve, which shows when it is used.
            signature(algorithm(verifier.type)).initVerify(key);
            return verifier;
        } catch (IllegalArgumentException | InvalidKeyException e) {
            throw new NoteException("not a key for notes: " + name, e);
        }
    }

    private static String algorithm(byte type) {
        return type == NoteKey.ED25519 ? "Ed25519" : "SHA256withECDSA";
    }

    private static Signature signature(String algorithm) {
        try {
            return Signature.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has these signatures", e);
        }
    }

    /**
     * The verifier of a witness's cosignatures.
     *
     * @throws NoteException if the name may not stand in a note, or the key is not Ed25519
     */
    public static NoteVerifier cosigner(String name, PublicKey key) throws NoteException {
        NoteVerifier plain = of(name, key);
        if (plain.type != NoteKey.ED25519) {
            throw new NoteException("a cosigner's key is Ed25519: " + name);
        }
        return new NoteVerifier(name, NoteKey.id(name, NoteKey.COSIGNATURE, key), NoteKey.COSIGNATURE, key);
    }

    /**
     * Parses {@code name+hexid+base64(type || key)}; strict.
     *
     * @throws NoteException if it is malformed, of another type, or its id is not that of its key
     */
    public static NoteVerifier parse(String vkey) throws NoteException {
        // The key itself may contain a plus sign, the name may not.
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !parts[1].matches("[0-9a-f]{8}")) {
            throw new NoteException("a verifier key is name+hexid+base64: " + vkey);
        }
        byte[] typed = StrictBase64.decode(parts[2]);
        if (typed.length < 2) {
            throw new NoteException("a verifier key has a type and a key: " + vkey);
        }
        PublicKey key = publicKey(typed[0], Arrays.copyOfRange(typed, 1, typed.length));
        NoteVerifier verifier = typed[0] == NoteKey.COSIGNATURE ? cosigner(parts[0], key) : of(parts[0], key);
        if (!HexFormat.of().toHexDigits(verifier.keyId()).equals(parts[1])) {
            throw new NoteException("the id of a verifier key is not that of its key: " + vkey);
        }
        return verifier;
    }

    private static PublicKey publicKey(byte type, byte[] encoded) throws NoteException {
        try {
            PublicKey key = switch (type) {
                case NoteKey.ED25519, NoteKey.COSIGNATURE -> {
                    if (encoded.length != ED25519_BYTES) {
                        throw new NoteException("an Ed25519 key has 32 bytes, not " + encoded.length);
                    }
                    yield decode("Ed25519", NoteKey.spkiOfEd25519(encoded));
                }
                case NoteKey.ECDSA -> decode("EC", encoded);
                default -> throw new NoteException("unknown signature type " + type);
            };
            if (!Arrays.equals(NoteKey.encoded(key), encoded)) {
                throw new NoteException("the key of a verifier key is not in its one encoding");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new NoteException("the key of a verifier key cannot be read", e);
        }
    }

    private static PublicKey decode(String algorithm, byte[] spki) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
    }

    /** The verifier key as text, as {@link #parse} reads it. */
    public String vkey() {
        byte[] encoded = NoteKey.encoded(key);
        byte[] typed = new byte[1 + encoded.length];
        typed[0] = type;
        System.arraycopy(encoded, 0, typed, 1, encoded.length);
        return name + "+" + HexFormat.of().toHexDigits(keyId) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    /** True if the signature line names this key; whether it verifies is another question. */
    public boolean made(NoteSignature signature) {
        return keyId == signature.keyId() && name.equals(signature.name());
    }

    /** True if {@code signature} is this key's over {@code message}; false for anything malformed. */
    public boolean verifies(byte[] message, byte[] signature) {
        if (type == NoteKey.COSIGNATURE) {
            return Cosigner.timed(message, signature)
                    .filter(timed -> verifies("Ed25519", timed.message(), timed.signature()))
                    .isPresent();
        }
        return verifies(algorithm(type), message, signature);
    }

    private boolean verifies(String algorithm, byte[] message, byte[] signature) {
        try {
            Signature verifier = signature(algorithm);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was checked when the verifier was made", e);
        }
    }
}
