package dev.keyproof.log.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * Text and its signatures (C2SP signed-note). Parsing says nothing about trust: use {@link #verifiedBy}.
 *
 * @param text ends in a newline
 * @param signatures at least one
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** Larger notes are refused; the format asks for at least 16 signatures. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_SIGNATURES = 100;

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || hasControl(text)) {
            throw new IllegalArgumentException("a note's text ends in a newline and has no other control character");
        }
        if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException("a note has 1 to " + MAX_SIGNATURES + " signatures");
        }
    }

    /**
     * Signs a text with each signer, in their order.
     *
     * @throws NoteException if a signer fails
     */
    public static SignedNote sign(String text, List<? extends NoteSigner> signers) throws NoteException {
        List<NoteSignature> signatures = new ArrayList<>(signers.size());
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        for (NoteSigner signer : signers) {
            try {
                signatures.add(new NoteSignature(signer.name(), signer.keyId(), signer.sign(message.clone())));
            } catch (GeneralSecurityException e) {
                throw new NoteException("the key " + signer.name() + " could not sign", e);
            }
        }
        if (signatures.isEmpty()) {
            throw new NoteException("a note needs a signer");
        }
        return new SignedNote(text, signatures);
    }

    /**
     * Strict: valid UTF-8, no control characters, at least one well-formed signature line, nothing after the last.
     *
     * @throws NoteException saying what is wrong
     */
    public static SignedNote parse(byte[] note) throws NoteException {
        if (note.length > MAX_BYTES) {
            throw new NoteException("a note of " + note.length + " bytes is too large");
        }
        try {
            return parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(note))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new NoteException("a note is valid UTF-8", e);
        }
    }

    /** As {@link #parse(byte[])}. */
    public static SignedNote parse(String note) throws NoteException {
        if (hasControl(note)) {
            throw new NoteException("a note has no control character but newline");
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n")) {
            throw new NoteException("a note is text, a blank line, and lines of signatures");
        }
        String text = note.substring(0, blank + 1);
        String lines = note.substring(blank + 2);
        if (lines.isEmpty()) {
            throw new NoteException("a note has at least one signature");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (int start = 0; start < lines.length(); ) {
            int end = lines.indexOf('\n', start);
            signatures.add(NoteSignature.parse(lines.substring(start, end)));
            start = end + 1;
        }
        if (signatures.size() > MAX_SIGNATURES) {
            throw new NoteException("a note of " + signatures.size() + " signatures is too large");
        }
        return new SignedNote(text, signatures);
    }

    /** The note as text, the form in which it is stored and sent. */
    public String format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()).append('\n'));
        return note.toString();
    }

    /** The same text with further signatures after those that are there; what is there already is not repeated. */
    public SignedNote with(List<NoteSignature> further) {
        List<NoteSignature> all = new ArrayList<>(signatures);
        further.stream().filter(one -> !all.contains(one)).forEach(all::add);
        return new SignedNote(text, all);
    }

    /** UTF-8 bytes of {@link #format()}. */
    public byte[] bytes() {
        return format().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Which of these known keys signed the note. Signatures by others are passed over.
     *
     * @return the verifiers whose signature is valid, in the order given; never empty
     * @throws NoteException if none signed, or a signature that names one of them does not verify
     */
    public List<NoteVerifier> verifiedBy(List<NoteVerifier> known) throws NoteException {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        List<NoteVerifier> verified = new ArrayList<>();
        for (NoteVerifier verifier : known) {
            boolean signed = false;
            for (NoteSignature signature : signatures) {
                if (verifier.made(signature)) {
                    if (!verifier.verifies(message, signature.signature())) {
                        throw new NoteException("the signature of " + verifier.name() + " does not verify");
                    }
                    signed = true;
                }
            }
            if (signed) {
                verified.add(verifier);
            }
        }
        if (verified.isEmpty()) {
            throw new NoteException("no known key signed the note");
        }
        return List.copyOf(verified);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 0x20 && c != '\n');
    }
}
