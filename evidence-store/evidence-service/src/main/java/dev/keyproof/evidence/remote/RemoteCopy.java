package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.config.RemoteConfig;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.TrustFile;
import java.nio.file.Path;

/** The copy in a bucket, brought here to be looked at. */
public final class RemoteCopy {
    private final RemoteConfig config;
    private final TrustFile trust;

    public RemoteCopy(RemoteConfig config, TrustFile trust) {
        this.config = config;
        this.trust = trust;
    }

    /** {@code s3://BUCKET/PREFIX}. */
    public String name() {
        return config.place().toString();
    }

    /** Makes the logs anew in an empty folder, each entry proven by a signed head: {@code log/YEAR} below it. */
    public void bring(Path folder) throws EvidenceException {
        try (Bucket bucket = S3Bucket.open(config.place(), config.endpoint(), config.region(), config.credentials())) {
            new Restore(bucket, trust, folder, false).run();
        }
    }
}
