package dev.keyproof.evidence.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The remote tier: a bucket with Object Lock, to which the log is copied.
 *
 * @param place bucket, and what comes before every name in it
 * @param endpoint of the S3 server; empty: Amazon's own
 * @param credentials a file in the form of AWS's shared credentials; empty: the environment has them
 * @param retentionDays for so long each object is locked, in compliance mode
 * @param intervalSeconds at most one head is copied in this time
 */
public record RemoteConfig(
        S3Place place,
        Optional<URI> endpoint,
        String region,
        Optional<Path> credentials,
        int retentionDays,
        int intervalSeconds) {}
