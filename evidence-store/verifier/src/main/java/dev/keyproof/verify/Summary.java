package dev.keyproof.verify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification looked at.
 *
 * @param files files in the pack
 * @param bytes size of the pack
 * @param signer name on the signer's certificate, and the SHA-256 of its root in hex, and when it existed
 * @param logs each log
 * @param entries entries of the scope, proven to be in a log
 * @param supporting entries proven to be in a log that are there because those of the scope need them
 * @param decisions decisions that cite a policy which is in the pack
 * @param findings findings among the entries
 * @param approvals approvals whose signatures hold
 * @param keys keys whose state is carried
 * @param policies policies and data sets carried
 * @param notes what is true and limits the verdict, one sentence each
 */
public record Summary(
        int files,
        long bytes,
        @Nullable Signer signer,
        List<LogState> logs,
        long entries,
        long supporting,
        long decisions,
        long findings,
        long approvals,
        long keys,
        int policies,
        List<String> notes) {

    /** Who signed the pack; {@code time} is that of the token over the signature, where there is one. */
    public record Signer(
            String name,
            String rootName,
            String rootSha256,
            @Nullable Instant time,
            @Nullable String timeBy) {}

    /** A log at its checkpoint; {@code time} is the time token's, where there is one. */
    public record LogState(
            String origin,
            long from,
            long size,
            String root,
            List<String> signedBy,
            @Nullable Instant time,
            @Nullable String timeBy) {}

    /** The same with other notes. */
    Summary noting(List<String> others) {
        return new Summary(
                files,
                bytes,
                signer,
                logs,
                entries,
                supporting,
                decisions,
                findings,
                approvals,
                keys,
                policies,
                List.copyOf(others));
    }
}
