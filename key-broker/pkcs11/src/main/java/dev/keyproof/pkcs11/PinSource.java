package dev.keyproof.pkcs11;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a PIN comes from. It is read when a login needs it and wiped after, and no implementation shows it in its text. */
@FunctionalInterface
public interface PinSource {

    /**
     * Reads the PIN.
     *
     * @return a fresh array, which the caller owns and wipes
     * @throws TokenException when there is none to read
     */
    char[] read() throws TokenException;

    /** A PIN in a UTF-8 file; line ends after it are ignored. */
    static PinSource file(Path file) {
        return new PinSource() {
            @Override
            public char[] read() throws TokenException {
                byte[] bytes;
                try {
                    bytes = Files.readAllBytes(file);
                } catch (IOException e) {
                    throw new TokenException(
                            "The PIN file " + file + " cannot be read: check that it exists and who may read it.", e);
                }
                CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
                Arrays.fill(bytes, (byte) 0);
                int end = chars.limit();
                while (end > 0 && (chars.get(end - 1) == '\n' || chars.get(end - 1) == '\r')) {
                    end--;
                }
                char[] pin = new char[end];
                chars.get(0, pin);
                chars.clear();
                chars.put(new char[chars.remaining()]);
                if (pin.length == 0) {
                    throw new TokenException("The PIN file " + file + " is empty.");
                }
                return pin;
            }

            @Override
            public String toString() {
                return "PinSource[file=" + file + "]";
            }
        };
    }

    /** A PIN in memory; the array is copied. */
    static PinSource of(char[] pin) {
        char[] own = pin.clone();
        return new PinSource() {
            @Override
            public char[] read() {
                return own.clone();
            }

            @Override
            public String toString() {
                return "PinSource[memory]";
            }
        };
    }
}
