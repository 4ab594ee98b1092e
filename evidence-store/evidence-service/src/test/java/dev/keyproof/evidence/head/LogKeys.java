package dev.keyproof.evidence.head;

import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenConfig;
import java.nio.file.Path;
import java.util.List;

/** The verifier keys that a token has for a log, as its operator hands them to witnesses. */
public final class LogKeys {
    private LogKeys() {}

    public static List<NoteVerifier> of(Path module, String label, String origin) throws Exception {
        try (Token token = Token.open(new TokenConfig(module, label, PinSource.of("123456".toCharArray()), 1))) {
            return new SealToken(token).logVerifiers(origin);
        }
    }
}
