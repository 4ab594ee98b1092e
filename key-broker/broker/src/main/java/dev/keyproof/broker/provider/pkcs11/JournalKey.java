package dev.keyproof.broker.provider.pkcs11;

import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.log.note.KeySigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.pkcs11.Device;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.TokenException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/** The key that signs the journal's heads and nothing else: ECDSA P-256, resident in the broker's token. */
public final class JournalKey extends KeySigner {
    private final Device token;
    private final KeyHandle handle;

    private JournalKey(Device token, KeyHandle handle, NoteVerifier verifier) {
        super(verifier);
        this.token = token;
        this.handle = handle;
    }

    /** The key of that source's journal, made if the token has none. */
    public static JournalKey of(Device token, String source, BirthBook book)
            throws TokenException, NoteException, ProblemException {
        String name = "keyproof/journal/" + source;
        byte[] id = ("journal/" + source).getBytes(StandardCharsets.UTF_8);
        byte[] deviceId = id.length > 64 ? Arrays.copyOf(id, 64) : id;
        Optional<KeyHandle> found = token.find(deviceId);
        KeyHandle handle = found.isPresent() ? found.get() : born(token, deviceId, name, book);
        return new JournalKey(token, handle, NoteVerifier.of(name, token.publicKey(handle)));
    }

    private static KeyHandle born(Device token, byte[] id, String name, BirthBook book)
            throws TokenException, ProblemException {
        KeyHandle handle = token.generate(KeySpec.EC_P256, id, name);
        book.born(token.objects(id), name);
        return handle;
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        try {
            return token.sign(handle, SignatureAlgorithm.ECDSA_SHA256, message);
        } catch (TokenException e) {
            throw new GeneralSecurityException("the token did not sign the journal's head", e);
        }
    }
}
