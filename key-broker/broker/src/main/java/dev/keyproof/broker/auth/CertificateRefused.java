package dev.keyproof.broker.auth;

/** A client certificate by which nobody is known; the reason is one of few fixed words. */
final class CertificateRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    CertificateRefused(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    CertificateRefused(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
