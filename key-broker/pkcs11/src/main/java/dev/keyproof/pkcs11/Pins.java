package dev.keyproof.pkcs11;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** PINs as the bytes a device wants. */
final class Pins {
    private Pins() {}

    /** UTF-8; the caller wipes the array. */
    static byte[] bytes(PinSource source) throws TokenException {
        char[] chars = source.read();
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(chars, '\0');
        encoded.clear();
        encoded.put(new byte[encoded.remaining()]);
        return bytes;
    }
}
