package dev.keyproof.broker.config;

import dev.keyproof.pkcs11.Guard;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Root;
import dev.keyproof.pkcs11.TokenConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator sets under {@code keyproof}. Keys that are not listed here are refused.
 *
 * @param source name of this broker in every record, unique among brokers: 1 to 63 of a-z, 0-9, '.' and '-'
 * @param peers sources of the other brokers on the same tokens and database; what a broker had born is checked by that broker
 * @param home folder of the installation; the journal lies in {@code journal/SOURCE} below it; needed
 * @param certificates whose client certificates are good; nobody's when absent
 * @param workloads whose X.509-SVIDs are good; nobody's when absent
 * @param networks file with a table of {@code PREFIX ASN} lines by which policy learns a caller's autonomous system
 * @param changes where the organisation's own changes are looked up
 * @param database what {@code spring.datasource} does not say of the database
 * @param traces where traces go; nowhere when there is no endpoint
 * @param drain how long a broker that is being stopped says that it is not ready before it takes no more calls: longer than a balancer
 *     needs to notice, at most 10 minutes
 * @param approvers JWKS file with the approvers' public keys, {@code kid} being the approver's id; needed
 */
@ConfigurationProperties(prefix = "keyproof", ignoreUnknownFields = false)
public record BrokerProperties(
        @DefaultValue("broker-1") String source,
        @DefaultValue Set<String> peers,
        @Nullable Path home,
        @Nullable TokenSettings token,
        @Nullable JwtSettings jwt,
        @Nullable CertificateSettings certificates,
        @Nullable WorkloadSettings workloads,
        @Nullable Path networks,
        @Nullable ChangeSettings changes,
        @DefaultValue PolicySettings policy,
        @Nullable Path approvers,
        @Nullable PasskeySettings passkeys,
        @NestedConfigurationProperty @Nullable NoticeSettings notices,
        @DefaultValue JournalSettings journal,
        @Nullable DatabaseSettings database,
        @DefaultValue TraceSettings traces,
        @DefaultValue("5s") Duration drain) {

    /**
     * The token that the keys live in.
     *
     * @param module the PKCS#11 library; needed
     * @param label the token's label; needed
     * @param pinFile file with the PIN; needed
     * @param shards private copies of the module, at most 64; 0 loads it in place
     * @param root {@code born} in the token, or {@code imported} into it by a ceremony
     * @param others further tokens with the same imported root, which serve when one fails; each with module, label, pin-file,
     *     parameters and waive as here
     * @param parameters what the module wants to be told when it is initialised
     * @param waive guards that keys may go without where the token lacks them
     * @param readBack how often what the tokens hold is read back, from a second to a day
     * @param adopt takes all that the tokens hold at this start as ordered, on the record; without it that is done at the first start of
     *     an installation alone
     */
    public record TokenSettings(
            @Nullable Path module,
            @Nullable String label,
            @Nullable Path pinFile,
            @DefaultValue("2") int shards,
            @DefaultValue("born") String root,
            @DefaultValue List<OtherToken> others,
            @DefaultValue("") String parameters,
            @DefaultValue Set<Guard> waive,
            @DefaultValue("15s") Duration readBack,
            @DefaultValue("false") boolean adopt) {

        private static final TokenSettings NONE =
                new TokenSettings(null, null, null, 2, "born", List.of(), "", Set.of(), Duration.ofSeconds(15), false);
    }

    /**
     * A further token of the group.
     *
     * @param module the PKCS#11 library; needed
     * @param label the token's label; needed
     * @param pinFile file with the PIN; needed
     * @param parameters what the module wants to be told when it is initialised
     * @param waive guards that keys may go without where the token lacks them
     */
    public record OtherToken(
            @Nullable Path module,
            @Nullable String label,
            @Nullable Path pinFile,
            @DefaultValue("") String parameters,
            @DefaultValue Set<Guard> waive) {}

    /**
     * Whose tokens are good.
     *
     * @param jwks {@code file:} or {@code https:} URL of the issuer's keys; needed
     * @param issuer the issuer's name; needed
     * @param audience whom a token must be for
     * @param algorithms signature algorithms that are accepted: ES, RS or PS with 256, 384 or 512; symmetric ones never are
     */
    public record JwtSettings(
            @Nullable URI jwks,
            @Nullable String issuer,
            @DefaultValue("keyproof") String audience,
            @DefaultValue("ES256") List<String> algorithms) {}

    /**
     * Whose client certificates are good, besides being so by the TLS of the server ({@code server.ssl.bundle}).
     *
     * @param authorities PEM file of the authorities
     * @param crls files of what they revoked; where there are any, each issuer must have one in force
     */
    public record CertificateSettings(
            @Nullable Path authorities, @DefaultValue List<Path> crls) {}

    /**
     * Whose X.509-SVIDs are good: those of one SPIFFE trust domain.
     *
     * @param trustDomain the domain; needed where there are workloads
     * @param authorities PEM file of the authorities
     * @param crls files of what they revoked; where there are any, each issuer must have one in force
     */
    public record WorkloadSettings(
            @Nullable String trustDomain,
            @Nullable Path authorities,
            @DefaultValue List<Path> crls) {}

    /** Authorities and what they revoked, complete; {@code name} is the setting's. */
    public record AuthoritySettings(String name, Path authorities, List<Path> crls) {}

    /**
     * Where changes are looked up.
     *
     * @param url URL in which {@code {id}} stands for the change; https, or http on this machine
     * @param status JSON pointer to the change's status in the answer
     * @param tokenFile file with the bearer token to send
     * @param timeout how long an answer is waited for, from 100 ms to 30 s
     */
    public record ChangeSettings(
            @Nullable String url,
            @DefaultValue("/status") String status,
            @Nullable Path tokenFile,
            @DefaultValue("2s") Duration timeout) {}

    /**
     * The policy.
     *
     * @param bundle bundle file; the one on the class path when absent
     * @param key PEM file with the public key that signs the bundle file; needed where there is one, unless {@code unsigned}
     * @param algorithm by which it is signed: RS256 or ES256
     * @param unsigned takes a bundle file that nobody signed, which stands on the record of the start
     */
    public record PolicySettings(
            @Nullable Path bundle,
            @Nullable Path key,
            @DefaultValue("RS256") String algorithm,
            @DefaultValue("false") boolean unsigned) {}

    /**
     * Approval by passkeys, on the broker's own page {@code /approve}; without these settings there is neither.
     *
     * @param rpId the relying party's id (WebAuthn): the page's host, or a domain above it
     * @param origin where the page is reached, such as {@code https://keyproof.example.org}
     * @param attestationRoots PEM file of the makers of hard tokens whose attestation is believed
     */
    public record PasskeySettings(
            @Nullable String rpId,
            @Nullable String origin,
            @Nullable Path attestationRoots) {}

    /**
     * The database, whose address is {@code spring.datasource.url}.
     *
     * @param passwordFile file with the password of {@code spring.datasource.username}
     */
    public record DatabaseSettings(@Nullable Path passwordFile) {}

    /**
     * Traces, by OTLP over HTTP with protobuf.
     *
     * @param endpoint URL that takes them, such as {@code https://collector:4318/v1/traces}; https, or http on this machine
     * @param sample share of the traces begun here that are exported, from 0 to 1; one that began elsewhere goes by its own flag
     */
    public record TraceSettings(
            @Nullable URI endpoint, @DefaultValue("0.01") double sample) {}

    /**
     * The journal.
     *
     * @param preallocateKib disk space taken ahead of the records in KiB, from 256 to 1048576; what is full is met before it hurts
     */
    public record JournalSettings(@DefaultValue("32768") int preallocateKib) {}

    /**
     * The same settings, complete.
     *
     * @throws ConfigurationFault with one line for each fault
     */
    public Checked checked() {
        List<String> faults = new ArrayList<>();
        if (!source.matches("[a-z0-9][a-z0-9.-]{0,62}")) {
            faults.add("keyproof.source: '" + source + "' is not 1 to 63 of a-z, 0-9, '.' and '-'");
        }
        Path homeSet = Checks.required(home, "keyproof.home", "the folder of the installation", faults);
        TokenSettings tokenSet = token == null ? TokenSettings.NONE : token;
        Path module = Checks.required(tokenSet.module, "keyproof.token.module", "the PKCS#11 library", faults);
        String label = Checks.required(tokenSet.label, "keyproof.token.label", "the token's label", faults);
        Path pinFile = Checks.required(tokenSet.pinFile, "keyproof.token.pin-file", "the file with the PIN", faults);
        JwtSettings jwtSet = jwt == null ? new JwtSettings(null, null, "keyproof", List.of("ES256")) : jwt;
        URI jwks = Checks.required(jwtSet.jwks, "keyproof.jwt.jwks", "the URL of the issuer's keys", faults);
        String issuer = Checks.required(jwtSet.issuer, "keyproof.jwt.issuer", "the issuer's name", faults);
        Path approversSet = Checks.required(approvers, "keyproof.approvers", "the JWKS file of the approvers", faults);
        boolean imported = tokenSet.root.equals("imported");
        if (!imported && !tokenSet.root.equals("born")) {
            faults.add("keyproof.token.root: '" + tokenSet.root + "' is neither born nor imported");
        }
        if (!imported && !tokenSet.others.isEmpty()) {
            faults.add("keyproof.token.others: tokens serve for each other only with keyproof.token.root=imported");
        }
        for (int i = 0; i < tokenSet.others.size(); i++) {
            OtherToken other = tokenSet.others.get(i);
            if (other.module == null || other.label == null || other.pinFile == null) {
                faults.add("keyproof.token.others[" + i + "]: needs module, label and pin-file");
            }
        }
        if (tokenSet.shards < 0 || tokenSet.shards > 64) {
            faults.add("keyproof.token.shards: " + tokenSet.shards + " is not from 0 to 64");
        }
        if (tokenSet.readBack.compareTo(Duration.ofSeconds(1)) < 0
                || tokenSet.readBack.compareTo(Duration.ofDays(1)) > 0) {
            faults.add("keyproof.token.read-back: " + tokenSet.readBack + " is not from a second to a day");
        }
        for (String algorithm : jwtSet.algorithms) {
            if (!algorithm.matches("(ES|RS|PS)(256|384|512)")) {
                faults.add("keyproof.jwt.algorithms: '" + algorithm + "' is none of ES, RS or PS with 256, 384 or 512");
            }
        }
        if (jwks != null && !"file".equals(jwks.getScheme()) && !"https".equals(jwks.getScheme())) {
            faults.add("keyproof.jwt.jwks: '" + jwks + "' is neither a file: nor an https: URL");
        }
        PasskeySettings passkeySet = passkeys == null ? new PasskeySettings(null, null, null) : passkeys;
        if (passkeys != null && !Checks.ofOneHost(passkeySet)) {
            faults.add(
                    "keyproof.passkeys: needs rp-id and origin, the origin being https://HOST[:PORT] of the rp-id or below"
                            + " it (http:// for localhost alone)");
        }
        NoticeSettings noticeSet = notices == null ? NoticeSettings.NONE : notices;
        noticeSet.check(faults);
        if (journal.preallocateKib < 256 || journal.preallocateKib > 1024 * 1024) {
            faults.add("keyproof.journal.preallocate-kib: " + journal.preallocateKib + " is not from 256 to 1048576");
        }
        if (traces.endpoint != null
                && !traces.endpoint.toString().matches("(https://|http://(127\\.0\\.0\\.1|\\[::1]|localhost)[:/]).*")) {
            faults.add("keyproof.traces.endpoint: '" + traces.endpoint + "' is no https: URL");
        }
        if (!(traces.sample >= 0 && traces.sample <= 1)) {
            faults.add("keyproof.traces.sample: " + traces.sample + " is not from 0 to 1");
        }
        if (drain.isNegative() || drain.compareTo(Duration.ofMinutes(10)) > 0) {
            faults.add("keyproof.drain: " + drain + " is not from 0 to 10 minutes");
        }
        AuthoritySettings people = certificates == null
                ? null
                : Checks.authorities("keyproof.certificates", certificates.authorities, certificates.crls, faults);
        AuthoritySettings services = workloads == null
                ? null
                : Checks.authorities("keyproof.workloads", workloads.authorities, workloads.crls, faults);
        String domain = workloads == null || workloads.trustDomain == null ? "" : workloads.trustDomain;
        if (workloads != null && !domain.matches("[a-z0-9._-]{1,128}")) {
            faults.add(
                    "keyproof.workloads.trust-domain: '" + domain + "' is not 1 to 128 of a-z, 0-9, '.', '_' and '-'");
        }
        if (changes != null
                && !String.valueOf(changes.url)
                        .matches("(https://|http://(127\\.0\\.0\\.1|\\[::1]|localhost)[:/]).*\\{id}.*")) {
            faults.add("keyproof.changes.url: '" + changes.url + "' is no https: URL with {id} in it");
        }
        if (changes != null && (changes.timeout.toMillis() < 100 || changes.timeout.toSeconds() > 30)) {
            faults.add("keyproof.changes.timeout: " + changes.timeout + " is not from 100 ms to 30 s");
        }
        if (!faults.isEmpty()
                || homeSet == null
                || module == null
                || label == null
                || pinFile == null
                || jwks == null
                || issuer == null
                || approversSet == null) {
            throw new ConfigurationFault(faults);
        }
        return new Checked(
                source,
                homeSet.toAbsolutePath().normalize(),
                tokens(tokenSet, module, label, pinFile, imported),
                imported,
                tokenSet.readBack,
                tokenSet.adopt,
                peers,
                jwks,
                issuer,
                jwtSet.audience,
                jwtSet.algorithms,
                policy,
                approversSet,
                people,
                services,
                domain,
                networks,
                changes,
                passkeySet,
                noticeSet,
                journal.preallocateKib,
                traces,
                drain);
    }

    /** The tokens, the first one first. */
    private static List<TokenConfig> tokens(
            TokenSettings settings, Path module, String label, Path pinFile, boolean imported) {
        Root root = imported ? Root.IMPORTED : Root.BORN;
        int shards = settings.shards;
        List<TokenConfig> tokens = new ArrayList<>();
        tokens.add(new TokenConfig(
                module, label, PinSource.file(pinFile), shards, settings.parameters, settings.waive, root));
        for (OtherToken other : settings.others) {
            if (other.module != null && other.label != null && other.pinFile != null) {
                tokens.add(new TokenConfig(
                        other.module,
                        other.label,
                        PinSource.file(other.pinFile),
                        shards,
                        other.parameters,
                        other.waive,
                        root));
            }
        }
        return List.copyOf(tokens);
    }

    /** The settings with everything that is needed present. */
    public record Checked(
            String source,
            Path home,
            List<TokenConfig> tokens,
            boolean importedRoot,
            Duration readBack,
            boolean adoptsTokens,
            Set<String> peers,
            URI jwks,
            String issuer,
            String audience,
            List<String> algorithms,
            PolicySettings policy,
            Path approvers,
            @Nullable AuthoritySettings certificates,
            @Nullable AuthoritySettings workloads,
            String trustDomain,
            @Nullable Path networks,
            @Nullable ChangeSettings changes,
            PasskeySettings passkeys,
            NoticeSettings notices,
            int preallocateKib,
            TraceSettings traces,
            Duration drain) {
        /** Where this broker's journal lies. */
        public Path journalFolder() {
            return home.resolve("journal").resolve(source);
        }

        /** Where the transcripts of ceremonies lie. */
        public Path ceremonies() {
            return home.resolve("ceremony");
        }
    }
}
