package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.DeviceAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A key version that came to be.
 *
 * @param reference the provider's name for it
 * @param attributes what the device says of it
 * @param wrapped the wrapped key, for a replicated one
 */
public record Birth(String reference, DeviceAttributes attributes, byte @Nullable [] wrapped) {}
