package dev.keyproof.log.note;

import java.util.Base64;

/** Base 64 with one spelling per value: padded, without line breaks, unused bits zero. */
final class StrictBase64 {
    private StrictBase64() {}

    static byte[] decode(String text) throws NoteException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new NoteException("not base 64: " + text, e);
        }
        // The decoder lets missing padding and stray low bits pass; the same value must not have two spellings.
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new NoteException("not canonical base 64: " + text);
        }
        return bytes;
    }
}
