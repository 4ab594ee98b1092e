package dev.keyproof.broker.operation;

import dev.keyproof.broker.key.Ciphertext;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The fixed input of a derivation after NIST SP 800-108 rev. 1, section 4.1 (counter mode), with 32-bit counter and length:
 * {@code [i] || label || 00 || context || [L]}; the context is the JCS form of its entries.
 */
final class Derivation {
    /** Bytes of one block of HMAC-SHA-256. */
    static final int BLOCK = 32;

    private final byte[] label;
    private final byte[] context;
    private final int bits;

    Derivation(String label, Map<String, String> context, int bytes) throws ProblemException {
        this.label = label.getBytes(StandardCharsets.UTF_8);
        this.context = Ciphertext.canonical(context);
        this.bits = bytes * 8;
    }

    /** What the key authenticates for that block, counted from 1. */
    byte[] input(int block) {
        return ByteBuffer.allocate(4 + label.length + 1 + context.length + 4)
                .putInt(block)
                .put(label)
                .put((byte) 0)
                .put(context)
                .putInt(bits)
                .array();
    }
}
