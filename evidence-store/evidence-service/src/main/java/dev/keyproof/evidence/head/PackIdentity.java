package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.PackWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Who signs packs here, and whose keys sign the logs in them. Thread-safe. */
public final class PackIdentity implements PackWriter.Signer {
    private final SealToken token;
    private final List<X509Certificate> chain;

    /** The chain is kept in {@code file}, and made there at the first start. */
    public PackIdentity(SealToken token, Path file, String name, Clock clock) throws EvidenceException {
        this.token = token;
        this.chain = token.packChain().load(file, name, clock.instant());
    }

    @Override
    public List<X509Certificate> chain() {
        return chain;
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        try {
            return token.signPack(message);
        } catch (EvidenceException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    /** The verifier keys that signed a head: of both generations where one handed over to the other. */
    public List<NoteVerifier> signersOf(SignedHead head) throws EvidenceException {
        List<NoteVerifier> signers = new ArrayList<>();
        for (int generation : token.signersOf(head)) {
            signers.addAll(token.logVerifiers(head.checkpoint().origin(), generation));
        }
        return List.copyOf(signers);
    }

    /** The verifier keys of a log, of one generation. */
    public List<NoteVerifier> logVerifiers(String origin, int generation) throws EvidenceException {
        return token.logVerifiers(origin, generation);
    }
}
