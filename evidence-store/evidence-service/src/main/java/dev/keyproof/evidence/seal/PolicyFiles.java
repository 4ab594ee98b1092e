package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.FileWatch;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles in force: of each file the last that was to be trusted and that a broker would load as well. Thread-safe. */
public final class PolicyFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFiles.class);
    private static final String KEEPING = "keeping";

    private final BundleTrust trust;
    private final RefusedPolicies refused;
    private final Map<Path, FileWatch> watches = new LinkedHashMap<>();
    private final Map<Path, byte[]> inForce = new LinkedHashMap<>();
    private final List<byte[]> untold = new ArrayList<>();

    /** None of them read yet. */
    public PolicyFiles(List<Path> bundles, BundleTrust trust, RefusedPolicies refused) {
        this.trust = trust;
        this.refused = refused;
        bundles.forEach(bundle -> watches.put(bundle, new FileWatch(bundle)));
    }

    /**
     * Those that are others than when they were read last: a policy may be changed while everything runs, and what it decides from then on
     * is proven by it.
     *
     * @throws EvidenceException if one cannot be read; it is tried again the next time
     */
    synchronized List<byte[]> changed() throws EvidenceException {
        look();
        List<byte[]> changed = List.copyOf(untold);
        untold.clear();
        return changed;
    }

    /** What was told as changed could not be kept: it is told again. */
    synchronized void again() {
        watches.values().forEach(FileWatch::forget);
    }

    /** All that are in force now. */
    public synchronized List<byte[]> inForce() throws EvidenceException {
        look();
        return List.copyOf(inForce.values());
    }

    private void look() throws EvidenceException {
        for (Map.Entry<Path, FileWatch> watch : watches.entrySet()) {
            if (watch.getValue().changed()) {
                read(watch.getKey(), watch.getValue());
            }
        }
    }

    private void read(Path file, FileWatch watch) throws EvidenceException {
        byte[] bundle;
        try {
            bundle = Files.readAllBytes(file);
        } catch (IOException e) {
            watch.forget();
            throw new EvidenceException("a policy file cannot be read: " + e.getMessage(), e);
        }
        try {
            trust.check(bundle);
            // Refuses parameters out of their bounds: what says for how long evidence is kept must not say that it ends
            // today.
            PolicyEngine.load(PolicyBundle.of(bundle));
            inForce.put(file, bundle);
            untold.add(bundle);
            refused.taken(file, KEEPING);
        } catch (PolicyException e) {
            LOG.error("event=policy-refused file={} reason=\"{}\"", file, e.getMessage());
            refused.refused(file, KEEPING, bundle, String.valueOf(e.getMessage()));
        }
    }
}
