package dev.keyproof.pkcs11;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM through SunPKCS11, in the form IV, ciphertext, tag. */
final class Gcm {
    static final int IV_BYTES = 12;
    static final int TAG_BYTES = 16;

    private Gcm() {}

    static byte[] encrypt(Provider provider, Key key, byte[] iv, byte[] plaintext, byte[] aad)
            throws GeneralSecurityException {
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE, provider, key, iv, 0, aad);
        byte[] out = new byte[IV_BYTES + plaintext.length + TAG_BYTES];
        System.arraycopy(iv, 0, out, 0, IV_BYTES);
        cipher.doFinal(plaintext, 0, plaintext.length, out, IV_BYTES);
        return out;
    }

    static byte[] decrypt(Provider provider, Key key, byte[] ciphertext, byte[] aad) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, provider, key, ciphertext, 0, aad)
                .doFinal(ciphertext, IV_BYTES, ciphertext.length - IV_BYTES);
    }

    private static Cipher cipher(int mode, Provider provider, Key key, byte[] ivHolder, int at, byte[] aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, ivHolder, at, IV_BYTES));
        if (aad.length > 0) {
            cipher.updateAAD(aad);
        }
        return cipher;
    }
}
