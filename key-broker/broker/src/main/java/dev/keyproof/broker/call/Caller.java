package dev.keyproof.broker.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as it was proven; or the broker itself.
 *
 * @param id subject of the token, SPIFFE id of the workload, or {@code x509:} and the common name of the certificate
 * @param roles roles that the token claims; policy's data may grant more by id or group
 * @param groups groups that token or certificate names
 * @param posture what the token says of the state of the device it is used on
 */
public record Caller(
        String id,
        Method method,
        List<String> roles,
        List<String> groups,
        @Nullable String posture) {
    /** The role of the broker itself where it does what is due; no token carries it. */
    public static final String SCHEDULER = "scheduler";

    /** The broker itself. */
    public static final Caller BROKER =
            new Caller("keyproof-broker", Method.BROKER, List.of(SCHEDULER), List.of(), null);

    public Caller {
        roles = List.copyOf(roles);
        groups = List.copyOf(groups);
    }

    /** How a caller proves who it is. */
    public enum Method {
        /** A token of the issuer. */
        TOKEN("token"),
        /** A client certificate of a person or a machine. */
        CERTIFICATE("certificate"),
        /** The X.509-SVID of a workload. */
        WORKLOAD("workload"),
        /** The broker is its own caller. */
        BROKER("broker");

        private final String name;

        Method(String name) {
            this.name = name;
        }

        /** As policy reads it. */
        public String json() {
            return name;
        }

        /** The only way of proof that may lead to that id; so nobody's token says it is a certificate. */
        public static Method owning(String id) {
            if (id.startsWith("spiffe:")) {
                return WORKLOAD;
            }
            if (id.startsWith("x509:")) {
                return CERTIFICATE;
            }
            return id.equals("keyproof-broker") ? BROKER : TOKEN;
        }
    }
}
