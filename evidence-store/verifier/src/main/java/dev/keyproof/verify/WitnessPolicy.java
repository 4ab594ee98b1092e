package dev.keyproof.verify;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedNote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many of which witnesses must have cosigned a checkpoint (C2SP tlog-cosignature) before it is believed.
 *
 * @param quorum from 1 to the number of witnesses
 * @param witnesses verifier keys of type 4, no key twice
 */
public record WitnessPolicy(int quorum, List<NoteVerifier> witnesses) {
    public WitnessPolicy {
        witnesses = List.copyOf(witnesses);
    }

    /** Reads {@code QUORUM VKEY VKEY ...}. */
    static WitnessPolicy parse(String text) throws NoteException {
        String[] parts = text.split(" ", -1);
        List<NoteVerifier> witnesses = new ArrayList<>();
        Set<java.security.PublicKey> distinct = new HashSet<>();
        for (String vkey : List.of(parts).subList(1, parts.length)) {
            NoteVerifier witness = NoteVerifier.parse(vkey);
            if (witness.type() != NoteKey.COSIGNATURE) {
                throw new NoteException("not a witness's key, which is of type 4: " + vkey);
            }
            // One person with two names would be a quorum of two.
            if (!distinct.add(witness.key())) {
                throw new NoteException("a witness counts once: " + vkey);
            }
            witnesses.add(witness);
        }
        if (!parts[0].matches("[1-9][0-9]{0,3}") || Integer.parseInt(parts[0]) > witnesses.size()) {
            throw new NoteException("the quorum is a number from 1 to that of the witnesses");
        }
        return new WitnessPolicy(Integer.parseInt(parts[0]), witnesses);
    }

    /** Whether enough of them have cosigned a note, and none of their signatures is false. */
    public boolean isMetBy(SignedNote note) {
        try {
            return cosigners(note).size() >= quorum;
        } catch (NoteException e) {
            return false;
        }
    }

    /** Names of those that have cosigned a note. */
    List<String> cosigners(SignedNote note) throws NoteException {
        boolean none =
                note.signatures().stream().noneMatch(one -> witnesses.stream().anyMatch(witness -> witness.made(one)));
        return none
                ? List.of()
                : note.verifiedBy(witnesses).stream().map(NoteVerifier::name).toList();
    }

    String text() {
        StringBuilder text = new StringBuilder().append(quorum);
        witnesses.forEach(witness -> text.append(' ').append(witness.vkey()));
        return text.toString();
    }
}
