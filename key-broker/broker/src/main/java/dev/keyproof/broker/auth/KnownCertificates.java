package dev.keyproof.broker.auth;

import dev.keyproof.broker.call.Caller;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Client certificates that were verified a moment ago. */
@FunctionalInterface
public interface KnownCertificates {
    /** Whose certificate it is, if it is one of these; nothing says only that it is to be verified. */
    Optional<Caller> known(X509Certificate leaf);
}
