package dev.keyproof.broker.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a key.
 *
 * @param reference the provider's own name for it
 * @param birth uid of the intent that it was born by
 * @param wrapped the wrapped key, for a replicated one that was not destroyed
 * @param retired since when it processes nothing any more
 */
public record KeyVersion(
        String keyId,
        int version,
        Algorithm algorithm,
        String reference,
        Instant created,
        String birth,
        byte @Nullable [] wrapped,
        @Nullable Instant retired) {

    /** The same version when its wrapped key is erased. */
    KeyVersion erased() {
        return new KeyVersion(keyId, version, algorithm, reference, created, birth, null, retired);
    }

    /** The same version, retired or in use again. */
    KeyVersion retired(@Nullable Instant since) {
        return new KeyVersion(keyId, version, algorithm, reference, created, birth, wrapped, since);
    }

    @Override
    public String toString() {
        return "KeyVersion[" + keyId + "/" + version + "]";
    }
}
