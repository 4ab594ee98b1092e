package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The policies of a pack, from the artifacts. */
final class PackPolicies {
    private PackPolicies() {}

    /**
     * What was added.
     *
     * @param bundles by digest
     */
    record Added(List<PolicyBundle> bundles) {
        /** Of the bundles, sorted. */
        List<String> digests() {
            return bundles.stream().map(PolicyBundle::digest).toList();
        }
    }

    /** Adds every policy cited, and every bundle that holds a data set cited. */
    static Added add(Artifacts artifacts, PackContents contents, PackWriter pack)
            throws EvidenceException, IOException {
        Set<String> wanted = new TreeSet<>(contents.policies().keySet());
        Set<String> missingData = new TreeSet<>(contents.dataSets().keySet());
        TreeMap<String, byte[]> bundles = new TreeMap<>();
        TreeMap<String, PolicyBundle> added = new TreeMap<>();
        for (String digest : wanted) {
            Path file = artifacts.policyFile(digest);
            if (!Files.exists(file)) {
                throw new EvidenceException("a decision cites the policy " + digest
                        + ", which was never kept: put its bundle under policies in the configuration");
            }
            byte[] bundle = Files.readAllBytes(file);
            bundles.put(digest, bundle);
            PolicyBundle read = PolicyBundle.read(bundle);
            added.put(digest, read);
            missingData.remove(String.valueOf(read.dataDigest()));
        }
        if (!missingData.isEmpty()) {
            try (Stream<Path> kept = Files.list(artifacts.policyFolder())) {
                for (Path file : kept.sorted().toList()) {
                    byte[] bundle = Files.readAllBytes(file);
                    PolicyBundle read = PolicyBundle.read(bundle);
                    if (missingData.remove(String.valueOf(read.dataDigest()))) {
                        bundles.put(read.digest(), bundle);
                        added.put(read.digest(), read);
                    }
                }
            }
        }
        if (!missingData.isEmpty()) {
            throw new EvidenceException("decisions cite the data sets " + missingData
                    + ", which were never kept: put the bundles that hold them under policies in the configuration");
        }
        bundles.forEach((digest, bundle) ->
                pack.add("policy/" + digest.substring(digest.indexOf(':') + 1) + ".tar.gz", bundle));
        return new Added(List.copyOf(added.values()));
    }
}
