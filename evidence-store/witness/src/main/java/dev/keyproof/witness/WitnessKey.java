package dev.keyproof.witness;

import dev.keyproof.log.note.Cosigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A witness's Ed25519 key in a file that its owner alone may read: a line that names the form, the verifier key, and the private key
 * (PKCS#8, base64).
 */
final class WitnessKey {
    private static final String FORM = "keyproof-witness-key/v1";
    private static final byte[] PROBE = "keyproof".getBytes(StandardCharsets.US_ASCII);

    private WitnessKey() {}

    /**
     * Makes a key and its file.
     *
     * @return the verifier key, to be handed to the logs' operators
     * @throws WitnessException if the file is there already or cannot be written
     */
    static NoteVerifier make(Path file, String name) throws WitnessException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            NoteVerifier verifier = NoteVerifier.cosigner(name, pair.getPublic());
            String text = FORM + "\n" + verifier.vkey() + "\n"
                    + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n";
            try (var out = Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                out.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            }
            return verifier;
        } catch (FileAlreadyExistsException e) {
            throw new WitnessException(file + " is there already: a witness keeps its key; name another file", e);
        } catch (NoteException e) {
            throw new WitnessException(name + " cannot be a witness's name: no blank, no plus sign", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new WitnessException("the key cannot be made in " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The cosigner whose key is in the file.
     *
     * @throws WitnessException if it cannot be read, is no such key, or others may read it
     */
    static Cosigner read(Path file, InstantSource clock) throws WitnessException {
        try {
            if (!Set.of("rw-------", "r--------")
                    .contains(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))) {
                throw new WitnessException("others may read " + file + ": chmod 600 " + file);
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.size() != 3 || !lines.getFirst().equals(FORM)) {
                throw new WitnessException(file + " is no witness's key: make one by 'witness key'");
            }
            NoteVerifier verifier = NoteVerifier.parse(lines.get(1));
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.get(2))));
            Cosigner cosigner = new Cosigner(verifier.name(), verifier.key(), key, clock);
            if (!cosigner.verifier().equals(verifier) || !verifier.verifies(PROBE, cosigner.sign(PROBE))) {
                throw new WitnessException(file + ": its two halves are not one key; restore the file");
            }
            return cosigner;
        } catch (IOException | IllegalArgumentException | GeneralSecurityException | NoteException e) {
            throw new WitnessException("the key in " + file + " cannot be used: " + e.getMessage(), e);
        }
    }
}
