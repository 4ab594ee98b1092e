package dev.keyproof.log.drill;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteSigner;
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
final class DrillKey implements NoteSigner {
    private final String name;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private DrillKey(String name, PrivateKey privateKey, PublicKey publicKey) {
        this.name = name;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
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

    NoteVerifier verifier() throws NoteException {
        return NoteVerifier.of(name, publicKey);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int keyId() {
        return NoteKey.id(name, publicKey);
    }

    @Override
    public byte type() {
        return NoteKey.ED25519;
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(privateKey);
        signature.update(message);
        return signature.sign();
    }
}
