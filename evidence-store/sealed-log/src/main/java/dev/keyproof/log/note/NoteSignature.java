package dev.keyproof.log.note;

import java.util.Arrays;
import java.util.Base64;

/** One signature line: key name, key id and the signature's bytes. */
public final class NoteSignature {
    private final String name;
    private final int keyId;
    private final byte[] signature;

    /** Copies the bytes. */
    public NoteSignature(String name, int keyId, byte[] signature) {
        if (!NoteKey.isName(name) || signature.length == 0) {
            throw new IllegalArgumentException("not a note signature: " + name);
        }
        this.name = name;
        this.keyId = keyId;
        this.signature = signature.clone();
    }

    public String name() {
        return name;
    }

    public int keyId() {
        return keyId;
    }

    /** A copy of the signature's bytes, without the key id. */
    public byte[] signature() {
        return signature.clone();
    }

    /** The line as it stands in a note, without its newline. */
    public String line() {
        byte[] blob = new byte[4 + signature.length];
        blob[0] = (byte) (keyId >>> 24);
        blob[1] = (byte) (keyId >>> 16);
        blob[2] = (byte) (keyId >>> 8);
        blob[3] = (byte) keyId;
        System.arraycopy(signature, 0, blob, 4, signature.length);
        return "\u2014 " + name + " " + Base64.getEncoder().encodeToString(blob);
    }

    static NoteSignature parse(String line) throws NoteException {
        if (!line.startsWith("\u2014 ")) {
            throw new NoteException("a signature line begins with an em dash and a space: " + line);
        }
        int space = line.indexOf(' ', 2);
        if (space < 0) {
            throw new NoteException("a signature line has a name and a signature: " + line);
        }
        String name = line.substring(2, space);
        byte[] blob = StrictBase64.decode(line.substring(space + 1));
        if (!NoteKey.isName(name) || blob.length < 5) {
            throw new NoteException(
                    "a signature line has a name without spaces or plus, and more than a key id: " + line);
        }
        int id = (blob[0] & 0xff) << 24 | (blob[1] & 0xff) << 16 | (blob[2] & 0xff) << 8 | (blob[3] & 0xff);
        return new NoteSignature(name, id, Arrays.copyOfRange(blob, 4, blob.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && name.equals(that.name)
                && keyId == that.keyId
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + keyId) + Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return line();
    }
}
