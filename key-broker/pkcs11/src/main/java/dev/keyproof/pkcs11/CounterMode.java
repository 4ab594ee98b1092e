package dev.keyproof.pkcs11;

import java.util.Arrays;

/** AES in counter mode (NIST SP 800-38A) in the form first block, ciphertext. The block is random, and 128 bits of it count. */
final class CounterMode {
    private static final int BLOCK_BYTES = 16;

    private CounterMode() {}

    static byte[] encrypt(Shard shard, KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        requireNone(key, aad);
        byte[] block = new byte[BLOCK_BYTES];
        byte[] sealed = shard.nativelyWith(key, (module, session, object) -> {
            module.random(session, block);
            return KeyCalls.encrypt(module, session, mechanism(block), object, plaintext);
        });
        byte[] out = Arrays.copyOf(block, BLOCK_BYTES + sealed.length);
        System.arraycopy(sealed, 0, out, BLOCK_BYTES, sealed.length);
        return out;
    }

    static byte[] decrypt(Shard shard, KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        requireNone(key, aad);
        if (ciphertext.length < BLOCK_BYTES) {
            throw new TokenException.Rejected("The ciphertext is shorter than its first block.", null);
        }
        byte[] block = Arrays.copyOf(ciphertext, BLOCK_BYTES);
        byte[] sealed = Arrays.copyOfRange(ciphertext, BLOCK_BYTES, ciphertext.length);
        return shard.nativelyWith(
                key, (module, session, object) -> KeyCalls.decrypt(module, session, mechanism(block), object, sealed));
    }

    private static Mechanism mechanism(byte[] block) {
        return new Mechanism(Ck.AES_CTR, new Mechanism.Ctr(block));
    }

    private static void requireNone(KeyHandle key, byte[] aad) throws TokenException {
        if (aad.length > 0) {
            throw new TokenException.Unsupported(key + " encrypts in counter mode, which binds no associated data.");
        }
    }
}
