package dev.keyproof.pkcs11;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM in the form IV, ciphertext, tag: through SunPKCS11, or natively. */
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

    static Mechanism mechanism(byte[] iv, byte[] aad) {
        return new Mechanism(Ck.AES_GCM, new Mechanism.Gcm(iv, aad));
    }

    static byte[] joined(byte[] iv, byte[] sealed) {
        byte[] out = Arrays.copyOf(iv, IV_BYTES + sealed.length);
        System.arraycopy(sealed, 0, out, IV_BYTES, sealed.length);
        return out;
    }

    static byte[] decrypt(Cryptoki module, long session, long object, KeyHandle key, byte[] ciphertext, byte[] aad)
            throws TokenException {
        byte[] iv = Arrays.copyOf(ciphertext, IV_BYTES);
        byte[] sealed = Arrays.copyOfRange(ciphertext, IV_BYTES, ciphertext.length);
        try {
            return KeyCalls.decrypt(module, session, mechanism(iv, aad), object, sealed);
        } catch (TokenException.DeviceError e) {
            throw Failures.decryption(key, e);
        }
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
