package dev.keyproof.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An installation of its own under a folder: a SoftHSM token, a real PostgreSQL, an identity provider and three approvers.
 * Brokers run in it as processes of their own.
 */
public final class TestHome implements AutoCloseable {
    public static final String ISSUER = "https://issuer.test";
    public static final String PIN = "1234";
    public static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    private final Path root;
    private final EmbeddedPostgres postgres;
    private final ECKey issuer;
    private final Map<String, ECKey> approvers = new TreeMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable SSLContext tls;
    private List<String> jvm = List.of("-XX:TieredStopAtLevel=1");

    private TestHome(Path root, EmbeddedPostgres postgres) throws Exception {
        this.root = root;
        this.postgres = postgres;
        this.issuer = new ECKeyGenerator(Curve.P_256).keyID("issuer-1").generate();
        Files.writeString(root.resolve("jwks.json"), new JWKSet(issuer.toPublicJWK()).toString());
        List<JWK> keys = new ArrayList<>();
        for (String id : List.of("alice", "bob", "carol")) {
            ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
            approvers.put(id, key);
            keys.add(key.toPublicJWK());
        }
        Files.writeString(root.resolve("approvers.json"), new JWKSet(keys).toString());
        Files.writeString(root.resolve("pin"), PIN + "\n");
        set("keyproof.source", "broker-1");
        set("keyproof.home", root.toString());
        set("keyproof.token.module", MODULE.toString());
        set("keyproof.token.label", "broker");
        set("keyproof.token.pin-file", root.resolve("pin").toString());
        set("keyproof.token.shards", "2");
        set("keyproof.jwt.jwks", root.resolve("jwks.json").toUri().toString());
        set("keyproof.jwt.issuer", ISSUER);
        set("keyproof.approvers", root.resolve("approvers.json").toString());
        set("keyproof.drain", "0s");
        set("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
        set("spring.datasource.username", "postgres");
        Files.writeString(root.resolve("database-password"), "postgres\n");
        set("keyproof.database.password-file", root.resolve("database-password").toString());
    }

    /** Makes an installation below a new folder. */
    public static TestHome create() throws Exception {
        Path root = Files.createTempDirectory("keyproof-broker");
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(root.resolve("postgres"))
                .setCleanDataDirectory(false)
                .start();
        TestHome home = new TestHome(root, postgres);
        Path tokens = Files.createDirectories(root.resolve("tokens"));
        Files.writeString(
                root.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        home.addToken("broker");
        return home;
    }

    /** Makes another empty token, with the same PIN. */
    public void addToken(String label) throws Exception {
        run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "5678", "--pin", PIN);
    }

    public Path root() {
        return root;
    }

    public Path journal() {
        return root.resolve("journal").resolve("broker-1");
    }

    /** Sets a configuration key for the brokers started from now on. */
    public TestHome set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    void restore(Map<String, String> before) {
        settings.clear();
        settings.putAll(before);
    }

    /** The database's server, to be disturbed. */
    PostgresServer postgres() {
        return new PostgresServer(root.resolve("postgres"), postgres.getPort());
    }

    /** Makes another, empty database. */
    void createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE " + name);
    }

    /** As somebody does who has the database's password. */
    void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Another connection to the database. */
    Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    /** The first column of the first row. */
    String select(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    /** URL of a database. */
    public String database(String name) {
        return postgres.getJdbcUrl("postgres", name);
    }

    /** Brokers started from now on speak TLS, and are called by this client first. */
    TestHome over(SSLContext client) {
        this.tls = client;
        return this;
    }

    @Nullable SSLContext tls() {
        return tls;
    }

    /** Changes policy's parameters for the brokers started from now on: by an overlay, signed by the installation's own key. */
    TestHome policy(Consumer<ObjectNode> change) throws Exception {
        TestPolicy.install(root, change);
        set("keyproof.policy.key", TestPolicy.key(root).toString());
        return set("keyproof.policy.bundle", TestPolicy.bundle(root).toString());
    }

    /** Brokers started from now on are compiled for speed, not for a quick start. */
    public TestHome fast() {
        jvm = List.of();
        return this;
    }

    /** Brokers started from now on get this option of Java's besides. */
    TestHome option(String option) {
        jvm = Stream.concat(jvm.stream(), Stream.of(option)).toList();
        return this;
    }

    List<String> jvm() {
        return jvm;
    }

    /** Starts a broker and waits until it is ready. */
    public BrokerProcess start() throws Exception {
        return BrokerProcess.start(this, freePort()).awaitReady();
    }

    Path config(int port) throws IOException {
        StringBuilder text = new StringBuilder("server.port=" + port + "\n");
        settings.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Path file = root.resolve("broker.properties");
        Files.writeString(file, text);
        return file;
    }

    /** A token of that subject and roles, good for ten minutes. */
    public String token(String subject, String... roles) throws JOSEException {
        return token(claims(subject, roles).build());
    }

    JWTClaimsSet.Builder claims(String subject, String... roles) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .issuer(ISSUER)
                .audience("keyproof")
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .claim("roles", List.of(roles));
    }

    String token(JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(issuer.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
        jwt.sign(new ECDSASigner(issuer));
        return jwt.serialize();
    }

    /** An approver's signature over a statement. */
    String approve(String approver, String statement) throws JOSEException {
        return sign(approver, approver, "keyproof-approval+jws", statement);
    }

    /** Id of an approval that was asked for by {@code root} and signed by two. */
    public String approved(BrokerProcess broker, String request) throws Exception {
        return approved(broker, "/v1/approvals", request);
    }

    String approved(BrokerProcess broker, String path, String request) throws Exception {
        JsonNode asked =
                broker.post(path, token("root", "administrator"), request).body();
        String id = asked.path("id").asText();
        for (String approver : List.of("alice", "bob")) {
            sign(broker, approver, asked);
        }
        return id;
    }

    /** An approver to be, who is not in the file: the public key. */
    String newApprover(String id) throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        approvers.put(id, key);
        return key.toPublicJWK().toJSONString();
    }

    /** An approver signs what was asked for. */
    BrokerProcess.Reply sign(BrokerProcess at, String approver, JsonNode asked) throws Exception {
        return at.post(
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                token(approver, "custodian"),
                "{'jws':'" + approve(approver, asked.path("statement").asText()) + "'}");
    }

    /** Ids of those who are enrolled, as that broker says. */
    List<String> approvers(BrokerProcess at) throws Exception {
        List<String> ids = new ArrayList<>();
        at.get("/v1/approvers", token("root", "administrator"))
                .body()
                .path("approvers")
                .forEach(approver -> ids.add(approver.path("id").asText()));
        return ids;
    }

    /** Adds an approver's public key to the file. */
    void addApprover(ObjectNode jwk) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = root.resolve("approvers.json");
        ObjectNode set = (ObjectNode) json.readTree(file.toFile());
        set.withArray("keys").add(jwk);
        json.writeValue(file.toFile(), set);
    }

    /** A signature by {@code signer}'s key that says it is {@code kid}'s. */
    String sign(String signer, String kid, String type, String statement) throws JOSEException {
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(type))
                        .keyID(kid)
                        .build(),
                new Payload(statement));
        ECKey key = approvers.get(signer);
        if (key == null) {
            throw new IllegalArgumentException(signer);
        }
        jws.sign(new ECDSASigner(key));
        return jws.serialize();
    }

    public Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", root.resolve("softhsm2.conf").toString());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("setup.log").toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(root.resolve("setup.log")));
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        try (var files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
