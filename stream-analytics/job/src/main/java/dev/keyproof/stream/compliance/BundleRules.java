package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules of a policy bundle. The bytes travel with the job, so that a task manager needs no file; where it sees the file, another bundle that
 * is put in its place is loaded beside the events and takes over between two of them. One that does not load, or is not to be trusted,
 * changes nothing.
 */
public final class BundleRules implements Rules.Source {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(BundleRules.class);

    private final byte[] bundle;
    private final @Nullable String file;
    private final @Nullable BundleTrust trust;

    private BundleRules(byte[] bundle, @Nullable String file, @Nullable BundleTrust trust) {
        this.bundle = bundle.clone();
        this.file = file;
        this.trust = trust;
    }

    /** These rules and no others. */
    public static BundleRules of(byte[] bundle) {
        return new BundleRules(bundle, null, null);
    }

    /**
     * The rules of a file, and of what is put in its place.
     *
     * @throws PolicyException if it cannot be read or is not to be trusted
     */
    public static BundleRules of(Path file, BundleTrust trust) throws PolicyException {
        return new BundleRules(trust.read(file).bytes(), file.toAbsolutePath().toString(), trust);
    }

    /** Digest of the bundle that it begins with. */
    public String digest() throws PolicyException {
        return PolicyBundle.of(bundle).digest();
    }

    @Override
    public Rules open() throws PolicyException {
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.of(bundle));
        return file == null
                ? new Engine(engine, null)
                : new Engine(engine, BundleWatch.started(Path.of(file), Objects.requireNonNull(trust)));
    }

    @Override
    public Optional<BundleWatch> watch() {
        return Optional.ofNullable(file)
                .map(there -> BundleWatch.started(Path.of(there), Objects.requireNonNull(trust)));
    }

    /** The engine behind the job's own view of it. */
    private static final class Engine implements Rules {
        private final @Nullable BundleWatch watch;
        private PolicyEngine engine;

        Engine(PolicyEngine engine, @Nullable BundleWatch watch) {
            this.engine = engine;
            this.watch = watch;
        }

        /** What it says is by the bundle whose digests it tells until the next call. */
        @Override
        public List<RuleResult> evaluate(JsonNode input) throws PolicyException {
            PolicyEngine other = watch == null ? null : watch.take();
            if (other != null) {
                engine = other;
                LOG.info("event=policy-changed policy={} data={}", engine.policyDigest(), engine.dataDigest());
            }
            return engine.evaluate(input);
        }

        @Override
        public String policyDigest() {
            return engine.policyDigest();
        }

        @Override
        public String dataDigest() {
            return engine.dataDigest();
        }

        @Override
        public void close() {
            if (watch != null) {
                watch.close();
            }
        }
    }
}
