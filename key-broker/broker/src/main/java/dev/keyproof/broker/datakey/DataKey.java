package dev.keyproof.broker.datakey;

import java.time.Instant;
import java.util.Map;

/**
 * A data key as it is kept: wrapped by a version of its KEK, bound to a context.
 *
 * @param algorithm what it is for
 * @param ciphertext in the form of {@link dev.keyproof.broker.key.Ciphertext}
 */
public record DataKey(
        String id,
        String kek,
        DataKeyAlgorithm algorithm,
        int version,
        byte[] ciphertext,
        Map<String, String> context,
        Instant created) {
    public DataKey {
        context = Map.copyOf(context);
    }

    /** The same data key under another version of its KEK. */
    public DataKey moved(int newVersion, byte[] newCiphertext) {
        return new DataKey(id, kek, algorithm, newVersion, newCiphertext, context, created);
    }

    @Override
    public String toString() {
        return "DataKey[" + id + "]";
    }
}
