package dev.keyproof.broker.auth;

import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.config.BrokerProperties;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Who shows a client certificate. A certificate with a URI of scheme {@code spiffe} is a workload's (X.509-SVID) and leads to the
 * workloads' authorities; any other is a person's or a machine's, known by its common name, with its organisational units as
 * groups. Neither kind of authority can name a caller of the other kind. Thread-safe.
 */
final class CertificateCallers implements KnownCertificates {
    /** How long a verified chain is taken for good: what is revoked is refused after that, on open connections too. */
    static final Duration VERIFIED = Duration.ofSeconds(2);

    private static final int MOST = 10_000;
    private static final int URI = 6;
    /** SPIFFE-ID, 2: at most 2048 bytes; 255 are enough here, since each record carries them. */
    private static final Pattern SPIFFE = Pattern.compile("spiffe://([a-z0-9._-]{1,128})((?:/[A-Za-z0-9._-]+)+)");

    private static final Pattern COMMON_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,119}");
    private static final Pattern GROUP = Pattern.compile("[\\p{Alnum}][\\p{Alnum} ._@:/-]{0,127}");
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final @Nullable Authorities people;
    private final @Nullable Authorities workloads;
    private final String trustDomain;
    private final Clock clock;
    private final ConcurrentMap<X509Certificate, Verified> verified = new ConcurrentHashMap<>();

    CertificateCallers(
            BrokerProperties.@Nullable AuthoritySettings people,
            BrokerProperties.@Nullable AuthoritySettings workloads,
            String trustDomain,
            Clock clock) {
        this.people = people == null ? null : new Authorities(people);
        this.workloads = workloads == null ? null : new Authorities(workloads);
        this.trustDomain = trustDomain;
        this.clock = clock;
    }

    private record Verified(Caller caller, Instant until) {}

    @Override
    public Optional<Caller> known(X509Certificate leaf) {
        Verified known = verified.get(leaf);
        return known != null && clock.instant().isBefore(known.until())
                ? Optional.of(known.caller())
                : Optional.empty();
    }

    /**
     * The caller.
     *
     * @param chain as it was shown, the leaf first
     */
    Caller caller(List<X509Certificate> chain) throws CertificateRefused {
        X509Certificate leaf = chain.getFirst();
        Optional<Caller> known = known(leaf);
        if (known.isPresent()) {
            return known.get();
        }
        Instant now = clock.instant();
        boolean workload = uris(leaf).stream().anyMatch(uri -> uri.regionMatches(true, 0, "spiffe:", 0, 7));
        Authorities authorities = workload ? workloads : people;
        if (authorities == null || leaf.getBasicConstraints() >= 0) {
            throw new CertificateRefused("certificate-untrusted");
        }
        authorities.verify(chain, now);
        Caller caller = workload ? workload(leaf) : person(leaf);
        if (verified.size() >= MOST) {
            verified.clear();
        }
        Instant end = leaf.getNotAfter().toInstant();
        Instant until = now.plus(VERIFIED);
        verified.put(leaf, new Verified(caller, end.isBefore(until) ? end : until));
        return caller;
    }

    /** X.509-SVID, 2 to 4: one URI, a leaf that may sign and nothing else. */
    private Caller workload(X509Certificate leaf) throws CertificateRefused {
        List<String> uris = uris(leaf);
        var id = SPIFFE.matcher(uris.getFirst());
        boolean[] usage = leaf.getKeyUsage();
        if (uris.size() != 1
                || !id.matches()
                || uris.getFirst().length() > 255
                || !id.group(1).equals(trustDomain)
                || List.of(id.group(2).split("/")).stream().anyMatch(part -> part.equals(".") || part.equals(".."))
                || usage == null
                || !usage[DIGITAL_SIGNATURE]
                || usage[KEY_CERT_SIGN]
                || usage[CRL_SIGN]) {
            throw new CertificateRefused("certificate-nameless");
        }
        return new Caller(uris.getFirst(), Caller.Method.WORKLOAD, List.of(), List.of(), null);
    }

    private static Caller person(X509Certificate leaf) throws CertificateRefused {
        List<String> names = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                String value = part.getValue() instanceof String text && part.size() == 1 ? text : "";
                switch (part.getType()) {
                    case "CN" -> names.add(value);
                    case "OU" -> groups.add(value);
                    default -> {}
                }
            }
        } catch (InvalidNameException e) {
            throw new CertificateRefused("certificate-nameless", e);
        }
        if (names.size() != 1
                || !COMMON_NAME.matcher(names.getFirst()).matches()
                || !groups.stream().allMatch(group -> GROUP.matcher(group).matches())) {
            throw new CertificateRefused("certificate-nameless");
        }
        return new Caller("x509:" + names.getFirst(), Caller.Method.CERTIFICATE, List.of(), groups, null);
    }

    private static List<String> uris(X509Certificate leaf) throws CertificateRefused {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(URI))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new CertificateRefused("certificate-nameless", e);
        }
    }
}
