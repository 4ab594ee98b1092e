package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.event.Severity;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Policies that were put in place and are not used: each is a finding, sealed once, and counts for as long as it stands there. Thread-safe.
 */
public final class RefusedPolicies {
    private final Supplier<String> origin;
    private final OwnFindings findings;
    private final InstantSource clock;
    private final Map<Place, String> standing = new ConcurrentHashMap<>();

    /** @param origin of the log that is written now */
    public RefusedPolicies(Supplier<String> origin, OwnFindings findings, InstantSource clock) {
        this.origin = origin;
        this.findings = findings;
        this.clock = clock;
    }

    /** One file may be read for more than one use, and be good for one of them. */
    private record Place(Path file, String use) {}

    /**
     * Tells of one.
     *
     * @param use what the file is read for
     * @param bundle what stands in it
     */
    public void refused(Path file, String use, byte[] bundle, String reason) {
        standing.put(new Place(file, use), reason);
        String digest = digest(bundle);
        LogFinding finding = new LogFinding(
                "policy-refused",
                digest,
                Severity.HIGH,
                origin.get(),
                "A policy was put in place that is not used",
                "The evidence service does not use the policy that was put in place: " + reason
                        + ". The last one stays in force.",
                "policies of the evidence service",
                JsonNodeFactory.instance.objectNode().put("bundle", digest).put("reason", reason));
        findings.add(finding.uid(), finding.event(clock.millis()));
    }

    /** What stands in the file now is used. */
    public void taken(Path file, String use) {
        standing.remove(new Place(file, use));
    }

    /** In how many files something stands that is not used. */
    public long standing() {
        return standing.keySet().stream().map(Place::file).distinct().count();
    }

    private static String digest(byte[] bundle) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bundle));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
