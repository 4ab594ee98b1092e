package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.Residence;
import java.util.Map;
import java.util.Set;

/**
 * What a provider can do; nothing else is asked of it.
 *
 * @param algorithms by the residence in which a key of each can live
 * @param protection what holds the keys: {@code hsm}, {@code software} or {@code cloud}
 * @param associatedData whether its encryption binds associated data
 * @param reWraps whether what one version sealed may be sealed by another without the caller; not where a platform binds a
 *     context that it does not give back
 * @param readsAttributes whether attributes come from the device itself
 * @param requestIds whether it gives each attempt an id that its own log shows
 * @param largestMessage the most bytes that one encryption or signature takes
 */
public record Capabilities(
        Map<Residence, Set<Algorithm>> algorithms,
        String protection,
        boolean associatedData,
        boolean reWraps,
        boolean readsAttributes,
        boolean requestIds,
        int largestMessage) {
    public Capabilities {
        algorithms = Map.copyOf(algorithms);
    }

    /** Whether keys of that algorithm can live so. */
    public boolean has(Residence residence, Algorithm algorithm) {
        return algorithms.getOrDefault(residence, Set.of()).contains(algorithm);
    }
}
