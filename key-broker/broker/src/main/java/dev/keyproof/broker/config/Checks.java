package dev.keyproof.broker.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What settings are checked for, each fault being a line. */
final class Checks {
    private Checks() {}

    static BrokerProperties.@Nullable AuthoritySettings authorities(
            String name, @Nullable Path file, List<Path> crls, List<String> faults) {
        Path set = required(file, name + ".authorities", "the PEM file of the authorities", faults);
        return set == null ? null : new BrokerProperties.AuthoritySettings(name, set, crls);
    }

    /** Browsers make a passkey for their page's host or a domain above it, and only on pages that nobody can have changed. */
    static boolean ofOneHost(BrokerProperties.PasskeySettings passkeys) {
        String rpId = passkeys.rpId();
        String at = passkeys.origin();
        if (rpId == null || at == null || !at.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?")) {
            return false;
        }
        URI origin = URI.create(at);
        String host = String.valueOf(origin.getHost());
        return (host.equals(rpId) || host.endsWith("." + rpId))
                && ("https".equals(origin.getScheme()) || host.equals("localhost"));
    }

    static <T> @Nullable T required(@Nullable T value, String key, String what, List<String> faults) {
        if (value == null || value.toString().isBlank()) {
            faults.add(key + ": is missing; set it to " + what);
            return null;
        }
        return value;
    }
}
