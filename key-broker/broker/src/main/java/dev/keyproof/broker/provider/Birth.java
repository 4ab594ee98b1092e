package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.DeviceAttributes;

/** A key version that came to be: the provider's name for it, and what the device says of it. */
public record Birth(String reference, DeviceAttributes attributes) {}
