package dev.keyproof.log.drill;

import dev.keyproof.log.note.KeySigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** Signs the heads of a scratch log. Its key is made for one drill, lies in the drill's folder and proves nothing to anybody. */
final class DrillKey extends KeySigner {
    private final PrivateKey key;

    private DrillKey(String name, PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        super(verifier(name, publicKey));
        this.key = key;
    }

    private static NoteVerifier verifier(String name, PublicKey key) throws GeneralSecurityException {
        try {
            return NoteVerifier.of(name, key);
        } catch (NoteException e) {
            throw new GeneralSecurityException("no key for a drill's heads", e);
        }
    }

    /** Makes one and keeps it in a folder for the processes of the drill. */
    static DrillKey make(Path folder, String name) throws IOException, GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path file = Files.createFile(
                folder.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, keys.getPrivate().getEncoded());
        Files.write(folder.resolve("key.pub"), keys.getPublic().getEncoded());
        return new DrillKey(name, keys.getPrivate(), keys.getPublic());
    }

    /** The one that {@link #make} kept. */
    static DrillKey read(Path folder, String name) throws IOException, GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        return new DrillKey(
                name,
                factory.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("key")))),
                factory.generatePublic(new X509EncodedKeySpec(Files.readAllBytes(folder.resolve("key.pub")))));
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }
}
