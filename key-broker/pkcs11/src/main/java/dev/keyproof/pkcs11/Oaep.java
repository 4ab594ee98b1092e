package dev.keyproof.pkcs11;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.Cipher;

/** RSAES-OAEP: encryption in software, for what is public needs no token; decryption in the token. */
final class Oaep {
    private Oaep() {}

    static byte[] encrypt(PublicKey key, EncryptionAlgorithm algorithm, byte[] plaintext) throws TokenException {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, algorithm.parameters());
            return cipher.doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new TokenException("This Java run time cannot encrypt by " + algorithm + ".", e);
        }
    }

    /**
     * Whatever is wrong with the ciphertext, the answer is the same: which it is must not be told. What is no ciphertext of such a key,
     * whoever made it, does not reach the token, which may call it an error of its own.
     */
    static byte[] decrypt(
            Shard shard, KeyHandle key, PublicKey publicKey, EncryptionAlgorithm algorithm, byte[] ciphertext)
            throws TokenException {
        if (publicKey instanceof RSAPublicKey rsa
                && (ciphertext.length != (rsa.getModulus().bitLength() + 7) / 8
                        || new BigInteger(1, ciphertext).compareTo(rsa.getModulus()) >= 0)) {
            throw new TokenException.Rejected("The ciphertext is not what was encrypted to " + key + ".", null);
        }
        return shard.nativelyWith(key, (module, session, object) -> {
            try {
                return KeyCalls.decrypt(module, session, algorithm.mechanism(), object, ciphertext);
            } catch (TokenException.DeviceError e) {
                if (e.code() == Ckr.ARGUMENTS_BAD || e.code() == Ckr.MECHANISM_PARAM_INVALID) {
                    throw new TokenException.Unsupported(
                            "The token cannot decrypt by " + algorithm + " (" + e.ckr() + ").");
                }
                throw Failures.decryption(key, e);
            }
        });
    }
}
