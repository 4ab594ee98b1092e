package dev.keyproof.evidence.hold;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy bundles among the artifacts by the data set inside; each is read once. Used by one thread at a time. */
final class KeptPolicies {
    private static final Logger LOG = LoggerFactory.getLogger(KeptPolicies.class);

    private final Artifacts artifacts;
    private final Map<String, PolicyBundle> byData = new HashMap<>();
    private final Set<Path> read = new HashSet<>();

    KeptPolicies(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    Optional<PolicyBundle> withData(String digest) {
        if (!byData.containsKey(digest) && Files.isDirectory(artifacts.policyFolder())) {
            try (Stream<Path> kept = Files.list(artifacts.policyFolder())) {
                for (Path file : kept.filter(KeptPolicies::isBundle).sorted().toList()) {
                    if (!read.contains(file)) {
                        take(file);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the kept policies cannot be listed", e);
            }
        }
        return Optional.ofNullable(byData.get(digest));
    }

    /** One that cannot be read is looked at again the next time: the others count all the same. */
    private void take(Path file) {
        try {
            PolicyBundle bundle = PolicyBundle.read(Files.readAllBytes(file));
            String data = bundle.dataDigest();
            if (data != null) {
                byData.put(data, bundle);
            }
            read.add(file);
        } catch (IOException e) {
            LOG.warn("event=kept-policy-not-read file={} reason=\"{}\"", file, e.getMessage());
        }
    }

    /** And not what a crash left half written. */
    private static boolean isBundle(Path file) {
        return file.getFileName().toString().matches("[0-9a-f]{64}[.]tar[.]gz");
    }
}
