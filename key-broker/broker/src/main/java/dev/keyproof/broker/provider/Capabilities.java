package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import java.util.Set;

/**
 * What a provider can do.
 *
 * @param protection what holds the keys: {@code hsm}
 * @param associatedData whether its encryption binds associated data
 * @param readsAttributes whether attributes come from the device itself
 * @param largestMessage the most bytes that one encryption or signature takes
 */
public record Capabilities(
        Set<Algorithm> algorithms,
        String protection,
        boolean associatedData,
        boolean readsAttributes,
        int largestMessage) {}
