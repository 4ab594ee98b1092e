package dev.keyproof.evidence.artifact;

import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes encrypted (AES-256-GCM) under a key of their own, which the seal token encrypts and which lies beside them or before them:
 * without it nobody reads them again, whatever copies of the ciphertext there are.
 */
public final class EncryptedFile {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SealToken token;
    private final String form;
    private final SecureRandom random = new SecureRandom();

    /** {@code form} is bound to what is encrypted, so that one kind of file cannot stand for another. */
    public EncryptedFile(SealToken token, String form) {
        this.token = token;
        this.form = form;
    }

    /** A ciphertext, and the key to it; the key is to be wiped. */
    record Encrypted(byte[] ciphertext, byte[] key) {}

    Encrypted encrypt(byte[] content) throws GeneralSecurityException {
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(content);
        byte[] ciphertext = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, ciphertext, NONCE_BYTES, sealed.length);
        return new Encrypted(ciphertext, key);
    }

    /** Writes a ciphertext and its key, each on disk when this returns; {@code name} is bound to the key. */
    void write(Path file, String name, Encrypted encrypted) throws IOException, EvidenceException {
        DurableFiles.write(keyFile(file), token.wrapArtifactKey(encrypted.key, name));
        DurableFiles.write(file, encrypted.ciphertext);
    }

    /** A whole file: how long the encrypted key is, in two bytes, the key, the ciphertext. {@code name} is bound to the key. */
    public byte[] whole(String name, byte[] content) throws EvidenceException {
        try {
            Encrypted encrypted = encrypt(content);
            try {
                byte[] key = token.wrapArtifactKey(encrypted.key, name);
                return ByteBuffer.allocate(Short.BYTES + key.length + encrypted.ciphertext.length)
                        .putShort((short) key.length)
                        .put(key)
                        .put(encrypted.ciphertext)
                        .array();
            } finally {
                Arrays.fill(encrypted.key, (byte) 0);
            }
        } catch (GeneralSecurityException e) {
            throw new EvidenceException(name + " could not be encrypted: " + e.getMessage(), e);
        }
    }

    /** What {@link #whole} was given. */
    public byte[] open(byte[] whole, String name) throws EvidenceException {
        try {
            ByteBuffer file = ByteBuffer.wrap(whole);
            byte[] wrapped = new byte[file.getShort()];
            file.get(wrapped);
            byte[] ciphertext = new byte[file.remaining()];
            file.get(ciphertext);
            return decrypt(ciphertext, wrapped, name);
        } catch (GeneralSecurityException | BufferUnderflowException | NegativeArraySizeException e) {
            throw new EvidenceException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    byte[] decrypt(byte[] ciphertext, Path file, String name)
            throws IOException, EvidenceException, GeneralSecurityException {
        return decrypt(ciphertext, Files.readAllBytes(keyFile(file)), name);
    }

    private byte[] decrypt(byte[] ciphertext, byte[] wrapped, String name)
            throws EvidenceException, GeneralSecurityException {
        byte[] key = token.unwrapArtifactKey(wrapped, name);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(ciphertext, NONCE_BYTES))
                    .doFinal(ciphertext, NONCE_BYTES, ciphertext.length - NONCE_BYTES);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Whether it can still be read. */
    static boolean isThere(Path file) {
        return Files.exists(file) && Files.exists(keyFile(file));
    }

    /**
     * Makes it unreadable for good: the key is overwritten and removed. The ciphertext stays, for what names it by its digest. Gone from
     * disk when this returns; nothing happens if it was gone before.
     */
    static void erase(Path file) throws IOException {
        eraseWhole(keyFile(file));
    }

    /** Overwrites a file and removes it, if it is there. */
    public static void eraseWhole(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            // A file system may keep the old blocks all the same; the key in them is still encrypted by the token.
            channel.write(ByteBuffer.allocate(Math.toIntExact(channel.size())), 0);
            channel.force(true);
        }
        DurableFiles.delete(file);
    }

    private static Path keyFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".key");
    }

    private Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(form.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
