package dev.keyproof.evidence.artifact;

import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What is too large or too private for an entry. A quarantined artifact is encrypted under a key of its own and named by the
 * SHA-256 of its ciphertext: erasing the {@code .key} file beside it erases it, and nobody can confirm a guess of its content.
 * Policy bundles are public to every auditor and go by the digest of their bytes. Thread-safe.
 */
public final class Artifacts {
    private static final String PREFIX = "sha256:";

    private final Path folder;
    private final EncryptedFile files;

    /** Artifacts under {@code folder}; their keys are encrypted by the token. */
    public Artifacts(Path folder, SealToken token) {
        this.folder = folder;
        this.files = new EncryptedFile(token, "keyproof/artifact/v1");
    }

    /** Encrypts and keeps bytes; returns the name, {@code sha256:} and hex. On disk when this returns. */
    public String keep(byte[] content) throws EvidenceException {
        try {
            EncryptedFile.Encrypted artifact = files.encrypt(content);
            try {
                String name = PREFIX + sha256(artifact.ciphertext());
                files.write(file(name), name, artifact);
                return name;
            } finally {
                Arrays.fill(artifact.key(), (byte) 0);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new EvidenceException("an artifact could not be kept under " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The bytes that {@link #keep} was given, unless they were erased. */
    public byte[] open(String name) throws EvidenceException {
        try {
            byte[] artifact = Files.readAllBytes(file(name));
            if (!name.equals(PREFIX + sha256(artifact))) {
                throw new EvidenceException("the artifact " + name + " is not the one that was kept");
            }
            return files.decrypt(artifact, file(name), name);
        } catch (NoSuchFileException e) {
            throw new EvidenceException("the artifact " + name + " is not here, or was erased", e);
        } catch (GeneralSecurityException | IOException e) {
            throw new EvidenceException("the artifact " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether it can still be opened. */
    public boolean has(String name) {
        return EncryptedFile.isThere(file(name));
    }

    /** Nobody opens it again; what is sealed of it, the digest of its ciphertext, stays provable. */
    public void erase(String name) throws EvidenceException {
        try {
            EncryptedFile.erase(file(name));
        } catch (IOException e) {
            throw new EvidenceException("the artifact " + name + " was not erased: " + e.getMessage(), e);
        }
    }

    /** Keeps a policy bundle; returns its digest. */
    public String keepPolicy(byte[] bundle) throws EvidenceException {
        String digest = PREFIX + sha256(bundle);
        try {
            if (!Files.exists(policyFile(digest))) {
                DurableFiles.write(policyFile(digest), bundle);
            }
            return digest;
        } catch (IOException e) {
            throw new EvidenceException("a policy bundle could not be kept: " + e.getMessage(), e);
        }
    }

    /** Keeps what remains of years whose logs are dropped, which is no more private than they were; returns its digest. */
    public String keepRemains(byte[] content) throws EvidenceException {
        String digest = PREFIX + sha256(content);
        try {
            DurableFiles.write(remains(digest), content);
            return digest;
        } catch (IOException e) {
            throw new EvidenceException("what remains of a year could not be kept: " + e.getMessage(), e);
        }
    }

    /** The bytes that {@link #keepRemains} was given. */
    public byte[] openRemains(String digest) throws EvidenceException {
        try {
            byte[] content = Files.readAllBytes(remains(digest));
            if (!digest.equals(PREFIX + sha256(content))) {
                throw new EvidenceException("what remains of dropped years, " + digest + ", is not what was kept");
            }
            return content;
        } catch (IOException e) {
            throw new EvidenceException(
                    "what remains of dropped years, " + digest + ", cannot be read: " + e.getMessage(), e);
        }
    }

    private Path remains(String digest) {
        return folder.resolve("remains").resolve(hex(digest));
    }

    /** Where a policy bundle lies; it need not be there. */
    public Path policyFile(String digest) {
        return folder.resolve("policy").resolve(hex(digest) + ".tar.gz");
    }

    /** Where all policy bundles lie. */
    public Path policyFolder() {
        return folder.resolve("policy");
    }

    private Path file(String name) {
        String hex = hex(name);
        return folder.resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static String hex(String name) {
        String hex = name.substring(Math.min(PREFIX.length(), name.length()));
        if (!name.startsWith(PREFIX) || !hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not the name of an artifact: " + name);
        }
        return hex;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
