package dev.keyproof.evidence.config;

import dev.keyproof.log.note.NoteVerifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The evidence service's configuration. Unknown keys are refused.
 *
 * @param name of the log: its origin is {@code keyproof/log/NAME/YEAR}
 * @param home folder of the installation; {@code log/}, {@code artifacts/}, {@code packs/} and {@code evidence/} lie below it
 * @param http own port
 * @param kafka client settings, passed through
 * @param kafkaFiles client settings whose value is read from a file, for secrets: key to path
 * @param log how the log is kept
 * @param token the service's own token
 * @param journals files with the verifier keys of the brokers' journals, one a line; read again when a key is missing
 * @param jwt whose bearer tokens are good
 * @param tsa RFC 3161 authority; absent: packs say that nobody vouches for the time
 * @param policies policy bundles in force
 * @param policySignature which of these, and of {@code accessPolicy}, are taken
 * @param witnesses who cosigns heads; none: packs say so
 * @param approvers JWKS of the first approvers, for the trust file
 * @param approvalAudience whom approvals are made out to, for the trust file: the brokers' audience; empty: it is not said
 * @param accessPolicy the bundle that says who may read evidence; if it is not named, the first of {@code policies}
 * @param search OpenSearch, by which entries are found; empty: they are not
 * @param remote where the log is copied to; empty: nowhere, and packs say so
 */
public record EvidenceConfig(
        String name,
        Path home,
        Http http,
        Map<String, String> kafka,
        Map<String, Path> kafkaFiles,
        LogSettings log,
        TokenSettings token,
        List<Path> journals,
        Jwt jwt,
        @Nullable Tsa tsa,
        List<Path> policies,
        PolicySignature policySignature,
        Witnessing witnesses,
        @Nullable Path approvers,
        Optional<String> approvalAudience,
        Optional<Path> accessPolicy,
        Optional<SearchConfig> search,
        Optional<RemoteConfig> remote) {

    /**
     * Who signs policy bundles.
     *
     * @param key PEM file with the public key; without it no bundle is taken, unless {@code unsigned}
     * @param algorithm RS256 or ES256
     * @param unsigned takes bundles that nobody signed
     */
    public record PolicySignature(Optional<Path> key, String algorithm, boolean unsigned) {}

    /** Loopback port; 0 takes a free one. */
    public record Http(int port) {}

    /**
     * The sealed log.
     *
     * @param immutable true to set the file system's immutable flag on sealed segments, where that is permitted; {@code down --purge}
     *     takes it off
     */
    public record LogSettings(boolean immutable) {}

    /** PKCS#11 module, token label, and the file that holds the user PIN. */
    public record TokenSettings(Path module, String label, Path pinFile) {}

    /**
     * Bearer tokens.
     *
     * @param jwks {@code file:}, {@code https:} or loopback {@code http:} URL of the issuer's keys
     * @param algorithms signature algorithms accepted
     */
    public record Jwt(URI jwks, String issuer, String audience, List<String> algorithms) {}

    /**
     * Time-stamp authority.
     *
     * @param url where requests are posted
     * @param chain PEM: the authority's certificate first, its self-signed root last
     * @param crls PEM: the revocation lists of the authority's issuers, as somebody fetches them; empty: packs say that there are none
     * @param intervalSeconds at most one token in this time while there is something new
     */
    public record Tsa(URI url, Path chain, Optional<Path> crls, int intervalSeconds) {}

    /**
     * Witnesses of the log (C2SP tlog-witness).
     *
     * @param quorum how many of them must answer before anything is signed, and cosign before a checkpoint is served
     * @param intervalSeconds at most one submission to each in this time
     */
    public record Witnessing(int quorum, int intervalSeconds, List<Witness> list) {
        public Witnessing {
            list = List.copyOf(list);
        }

        /** Nobody. */
        public static Witnessing none() {
            return new Witnessing(0, 1, List.of());
        }
    }

    /** Submission prefix and verifier key of a witness. */
    public record Witness(URI url, NoteVerifier vkey) {}
}
