package dev.keyproof.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.evidence.testing.Peers;
import dev.keyproof.pkcs11.PinSource;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.Crls;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.Summary;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/** Everything around an evidence service: Kafka, a time-stamp authority, an issuer of tokens, a PKCS#11 token. */
final class TestingHouse implements AutoCloseable {
    static final Path MODULE = module();

    final Path dir;
    final KafkaServer kafka;
    /** By which brokers decide; it keeps evidence no longer than the bounds let it, so that the other one says how long. */
    final byte[] policy = packs(TestingHouse::leastRetention);

    final TestingTimeStamps stamps;
    /** By which times are stamped. */
    volatile InstantSource stamping = InstantSource.system();

    private final HttpServer tsa;
    private final ECKey issuer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();

    TestingHouse(Path dir) throws Exception {
        this(dir, KafkaServer.start(dir.resolve("kafka")));
    }

    TestingHouse(Path dir, KafkaServer kafka) throws Exception {
        this.dir = dir;
        this.kafka = kafka;
        kafka.createTopics("key-events", "findings", "quarantine", "attestations", "alerts");
        stamps = new TestingTimeStamps(TestingAuthority.timeStamper("Test time"));
        tsa = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        tsa.createContext("/", exchange -> {
            byte[] answer = stamps.answer(exchange.getRequestBody().readAllBytes(), stamping.instant());
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        tsa.start();
        Files.writeString(dir.resolve("tsa.pem"), Certificates.pem(stamps.chain()));
        Files.writeString(crls(), Crls.pem(List.of(stamps.authority().crl())));
        issuer = new ECKeyGenerator(Curve.P_256).keyID("issuer").generate();
        Files.writeString(dir.resolve("jwks.json"), new JWKSet(issuer.toPublicJWK()).toString());
        Files.write(dir.resolve("bundle.tar.gz"), policy);
        Files.write(access(), PolicyBundle.builtIn().bytes());
        Files.writeString(dir.resolve("pin"), "123456\n");
        makeToken();
    }

    private static void makeToken() throws IOException, TokenException {
        Path conf = Path.of(System.getenv("SOFTHSM2_CONF"));
        Path tokens = conf.resolveSibling("tokens");
        Files.createDirectories(tokens);
        Files.writeString(
                conf, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        try {
            Token.initialise(
                    MODULE, label(), PinSource.of("87654321".toCharArray()), PinSource.of("123456".toCharArray()));
        } catch (TokenException.TokenExists e) {
            // Left by an earlier run in the same folder; the PIN is the same.
            return;
        }
    }

    private static String label() {
        return "evidence";
    }

    private static Path module() {
        return List.of(
                        Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                        Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
                        Path.of("/usr/lib64/pkcs11/libsofthsm2.so"))
                .stream()
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("SoftHSM is missing: apt-get install softhsm2"));
    }

    /** A configuration for a service with its data under {@code home}. */
    Path config(Path home) throws IOException {
        Files.createDirectories(home);
        Path config = home.resolve("evidence.yaml");
        Files.writeString(config, """
                name: %s
                home: %s
                http: {port: 0}
                kafka: {bootstrap.servers: "%s"}
                token: {module: %s, label: %s, pinFile: %s}
                journals: [%s]
                jwt: {jwks: "%s", issuer: "https://issuer.test", audience: keyproof}
                tsa: {url: "http://127.0.0.1:%d/", chain: %s, crls: %s, intervalSeconds: 1}
                policies: [%s]
                access: {policy: %s}
                policySignature: {unsigned: true}
                """.formatted(
                        name(home),
                        home,
                        kafka.bootstrap(),
                        MODULE,
                        label(),
                        dir.resolve("pin"),
                        journalKeys(),
                        dir.resolve("jwks.json").toUri(),
                        tsa.getAddress().getPort(),
                        dir.resolve("tsa.pem"),
                        crls(),
                        dir.resolve("bundle.tar.gz"),
                        access()));
        return config;
    }

    /** With a copy of its log in a bucket of its own name. */
    Path config(Path home, Peers.Server s3) throws IOException {
        return Files.writeString(
                config(home),
                "remote: {url: \"%s\", endpoint: \"%s\", credentials: %s, retentionDays: 1, intervalSeconds: 1}\n"
                        .formatted(place(home), s3.endpoint(), s3.credentials()),
                StandardOpenOption.APPEND);
    }

    /** Where the copy of a home's log is. */
    static String place(Path home) {
        return "s3://evidence/" + name(home);
    }

    /** Restores the copy of a home's log; returns what the command does. */
    static int restore(CommandLine command, Path home, Peers.Server s3, Path into, Path trust) {
        return command.execute(
                "--from",
                place(home),
                "--endpoint",
                s3.endpoint().toString(),
                "--credentials",
                s3.credentials().toString(),
                "--home",
                into.toString(),
                "--trust",
                trust.toString());
    }

    /** One for each home: the token, which all share, remembers the heads of each name. */
    static String name(Path home) {
        return "test-" + Integer.toHexString(home.hashCode());
    }

    /** The revocation lists of the time-stamp authority. */
    Path crls() {
        return dir.resolve("tsa.crl");
    }

    /** Puts other parameters in force for who may read, and for how long evidence is kept: the packs with an overlay. */
    void policy(Consumer<ObjectNode> change) throws Exception {
        Files.write(access(), packs(change));
    }

    /** The packs with other parameters. */
    static byte[] packs(Consumer<ObjectNode> change) throws PolicyException {
        PolicyBundle packs = PolicyBundle.builtIn();
        ObjectNode parameters = (ObjectNode) packs.data().at("/keyproof/parameters");
        change.accept(parameters);
        return EffectivePolicy.of(packs, List.of(overlay(parameters))).bundle().bytes();
    }

    /** Keeps evidence no longer than the bounds let it. */
    static void leastRetention(ObjectNode parameters) {
        parameters
                .withObject("/retention/classes")
                .properties()
                .forEach(one -> ((ObjectNode) one.getValue()).put("months", 1).put("atHandMonths", 0));
    }

    /** An overlay that says everything, so that nothing can be taken away by it. */
    static Overlay overlay(ObjectNode parameters) throws PolicyException {
        return Overlay.of("own.json", parameters.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The policy that ships, by which evidence is read. */
    Path access() {
        return dir.resolve("access.tar.gz");
    }

    /** Where the verifier keys of journals are expected. */
    Path journalKeys() {
        return dir.resolve("journal.vkey");
    }

    String bearer(String role) {
        return bearer("someone", role);
    }

    String bearer(String subject, String role) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("issuer").build(),
                    new JWTClaimsSet.Builder()
                            .subject(subject)
                            .issuer("https://issuer.test")
                            .audience("keyproof")
                            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                            .claim("roles", List.of(role))
                            .build());
            jwt.sign(new ECDSASigner(issuer));
            return "Bearer " + jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The service in a process of its own, which can be killed. */
    Process process(Path config, Path out) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx192m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EvidenceService.class.getName(),
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** How far signed heads cover what a source sent. */
    long attested(EvidenceService service, String source) {
        return attested(service.port(), source);
    }

    long attested(int port, String source) {
        for (JsonNode one : get(port, "/v1/state").path("sources")) {
            if (one.path("source").asText().equals(source)) {
                return one.path("attested").asLong();
            }
        }
        return 0;
    }

    JsonNode get(int port, String path) {
        return json(HttpRequest.newBuilder(uri(port, path)).header("Authorization", bearer("auditor")));
    }

    JsonNode post(int port, String path, String body) {
        return json(HttpRequest.newBuilder(uri(port, path))
                .header("Authorization", bearer("operator"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    int postAs(int port, String path, String role) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path)).POST(HttpRequest.BodyPublishers.noBody());
        if (!role.isEmpty()) {
            request.header("Authorization", bearer(role));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    int status(int port, String path, String role) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
        if (!role.isEmpty()) {
            request.header("Authorization", bearer(role));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** What the verifier says of a pack that was built, under its trust file: that it is proven. */
    static Summary proven(JsonNode built, Clock clock) throws Exception {
        TrustFile trust =
                TrustFile.parse(Files.readString(Path.of(built.path("trust").asText())));
        Verdict verdict =
                new PackVerifier(clock).verify(Path.of(built.path("pack").asText()), trust, false);
        assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
        return ((Verdict.Proven) verdict).summary();
    }

    static Summary proven(JsonNode built) throws Exception {
        return proven(built, Clock.systemUTC());
    }

    private JsonNode json(HttpRequest.Builder request) {
        try {
            return mapper.readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                    .body());
        } catch (IOException e) {
            return mapper.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        tsa.stop(0);
        kafka.close();
    }
}
