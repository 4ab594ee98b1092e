package dev.keyproof.stream;

import dev.keyproof.stream.compliance.BundleRules;
import java.nio.file.Path;
import java.util.Optional;

/** What the full job is held against: the same source and parser, and an alert for what is neither counted nor kept. */
public final class ParseAndCount {
    private ParseAndCount() {}

    public static void main(String[] args) throws Exception {
        StreamConfig config = StreamConfig.load(Path.of(args[0]));
        Topology topology = new Topology(config, BundleRules.of(new byte[0]));
        try (LocalCluster cluster = LocalCluster.start(
                topology::buildCount, FlinkSettings.job(config, Optional.empty()), FlinkSettings.local(config))) {
            System.err.println(cluster.ended().get());
        }
    }
}
