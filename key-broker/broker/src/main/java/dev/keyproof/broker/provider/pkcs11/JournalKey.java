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
import dev.keyproof.pkcs11.TokenObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key that signs the journal's heads and nothing else: ECDSA P-256, resident in the broker's token. */
public final class JournalKey extends KeySigner {
    private final Device token;
    private final KeyHandle handle;

    /** What was born with it, if it was born now, by their token's label. */
    private final Map<String, List<TokenObject>> born;

    private JournalKey(Device token, KeyHandle handle, NoteVerifier verifier, Map<String, List<TokenObject>> born) {
        super(verifier);
        this.token = token;
        this.handle = handle;
        this.born = Map.copyOf(born);
    }

    /** The key of that source's journal, made if the token has none. */
    public static JournalKey of(Device token, String source) throws TokenException, NoteException {
        String name = "keyproof/journal/" + source;
        byte[] id = ("journal/" + source).getBytes(StandardCharsets.UTF_8);
        byte[] deviceId = id.length > 64 ? Arrays.copyOf(id, 64) : id;
        Optional<KeyHandle> found = token.find(deviceId);
        KeyHandle handle = found.isPresent() ? found.get() : token.generate(KeySpec.EC_P256, deviceId, name);
        return new JournalKey(
                token,
                handle,
                NoteVerifier.of(name, token.publicKey(handle)),
                found.isPresent() ? Map.of() : token.objects(deviceId));
    }

    /** Has its birth written down, if it was born now: on the record, which the journal must be ready for. */
    public void noteIn(BirthBook book) throws ProblemException {
        book.born(born, verifier().name());
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
