package dev.keyproof.evidence.head;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.TrustFile;
import java.util.List;
import java.util.Optional;

/** Heads as somebody reads them who has nothing but a trust file. */
public final class TrustedHeads {
    private final TrustFile trust;

    public TrustedHeads(TrustFile trust) {
        this.trust = trust;
    }

    /** A year's head, if trusted keys alone signed it and one of them had not handed over before that size. */
    public Optional<SignedHead> read(int year, String note) {
        try {
            SignedHead head = SignedHead.parse(note);
            String origin = head.checkpoint().origin();
            List<LogKey> known = keys(origin);
            List<NoteVerifier> signers =
                    head.note().verifiedBy(known.stream().map(LogKey::verifier).toList());
            boolean signed = origin.endsWith("/" + year)
                    && head.size() > 0
                    && signers.size() == head.note().signatures().size()
                    && known.stream().anyMatch(key -> signers.contains(key.verifier()) && key.until() >= head.size());
            return signed ? Optional.of(head) : Optional.empty();
        } catch (NoteException e) {
            return Optional.empty();
        }
    }

    private List<LogKey> keys(String origin) {
        return trust.logKeys().stream()
                .filter(key -> key.verifier().name().equals(origin))
                .toList();
    }
}
