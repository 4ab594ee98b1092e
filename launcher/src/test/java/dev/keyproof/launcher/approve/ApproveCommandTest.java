package dev.keyproof.launcher.approve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An approver at a terminal, before something that answers as the broker does. */
final class ApproveCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "01KAV3J8Q4W6Z0X1Y2T3R4S5P6";
    /** The digest is that of {"days":9}. */
    private static final String STATEMENT =
            "{\"aud\":\"keyproof\",\"change\":\"CHG-7\",\"exp\":4102444800,\"id\":\"" + ID
                    + "\",\"key\":\"K1\",\"operation\":\"ScheduleDestruction\","
                    + "\"parameters\":\"sha256:DIGEST\",\"requester\":\"root\"}";

    @TempDir
    private Path folder = Path.of("");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ObjectNode document = JSON.createObjectNode();
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        document.put("id", ID)
                .put("operation", "ScheduleDestruction")
                .put("key", "K1")
                .put("change", "CHG-7");
        document.put("statement", STATEMENT.replace("DIGEST", sha256("{\"days\":9}")));
        document.put("requester", "root")
                .put("quorum", 2)
                .put("expires", "2099-01-01T00:00:00Z")
                .put("used", false);
        document.putObject("parameters").put("days", 9);
        document.putArray("approvers").add("bob");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            JsonNode answer = exchange.getRequestURI().getPath().equals("/v1/approvals")
                    ? JSON.createObjectNode()
                            .set("approvals", JSON.createArrayNode().add(document))
                    : document;
            byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Files.writeString(folder.resolve("token"), "T\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whatWaitsIsListed() {
        assertThat(run("list")).isZero();

        assertThat(out.toString()).contains(ID, "ScheduleDestruction K1", "by root", "1 of 2");
        assertThat(tokens).containsExactly("Bearer T");
    }

    @Test
    void whatIsShownIsWhatIsSigned() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair alice = generator.generateKeyPair();

        assertThat(run("sign", ID, "--as", "alice", "--key", pem(alice), "--yes"))
                .as("%s", err)
                .isZero();

        assertThat(out.toString()).contains("{\"days\":9}", "CHG-7", "root", "2100-01-01T00:00:00Z");
        JWSObject jws = JWSObject.parse(posted().path("jws").asText());
        assertThat(jws.getPayload().toString())
                .isEqualTo(document.path("statement").asText());
        assertThat(jws.getHeader().toString()).contains("\"kid\":\"alice\"", "\"typ\":\"keyproof-approval+jws\"");
        assertThat(jws.verify(new ECDSAVerifier((ECPublicKey) alice.getPublic())))
                .isTrue();
    }

    @Test
    void anEd25519KeySigns() throws Exception {
        KeyPair erin = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(run("sign", ID, "--as", "erin", "--key", pem(erin), "--yes"))
                .as("%s", err)
                .isZero();

        String[] parts = posted().path("jws").asText().split("\\.", -1);
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(erin.getPublic());
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(check.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    @Test
    void aKeyInPkcs12Signs() throws Exception {
        Path store = folder.resolve("alice.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "alice",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=alice",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        Files.writeString(folder.resolve("password"), "changeit\n");
        Files.writeString(folder.resolve("wrong"), "other\n");
        KeyStore known = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());

        assertThat(run(
                        "sign",
                        ID,
                        "--as",
                        "alice",
                        "--key",
                        store.toString(),
                        "--yes",
                        "--password-file",
                        folder.resolve("wrong").toString()))
                .isNotZero();
        assertThat(run(
                        "sign",
                        ID,
                        "--as",
                        "alice",
                        "--key",
                        store.toString(),
                        "--yes",
                        "--password-file",
                        folder.resolve("password").toString()))
                .as("%s", err)
                .isZero();

        assertThat(JWSObject.parse(posted().path("jws").asText()).verify(new ECDSAVerifier((ECPublicKey)
                        known.getCertificate("alice").getPublicKey())))
                .isTrue();
        assertThat(out.toString() + err).doesNotContain("changeit");
    }

    @Test
    void otherParametersThanWereStatedAreNotSigned() throws Exception {
        document.putObject("parameters").put("days", 30);
        KeyPair erin = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(run("sign", ID, "--as", "erin", "--key", pem(erin), "--yes")).isNotZero();

        assertThat(err.toString()).contains("do not approve it");
        assertThat(asked).noneMatch(call -> call.startsWith("POST"));
    }

    @Test
    void nobodyIsTakenToHaveSaidYes() throws Exception {
        KeyPair erin = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(run("sign", ID, "--as", "erin", "--key", pem(erin))).isNotZero();

        assertThat(asked).noneMatch(call -> call.startsWith("POST"));
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);

        assertThat(run("sign", ID, "--as", "alice", "--key", pem(generator.generateKeyPair()), "--yes"))
                .isNotZero();
        assertThat(asked).noneMatch(call -> call.startsWith("POST"));
    }

    @Test
    void anApprovalIsWithdrawn() {
        assertThat(run("withdraw", ID)).isZero();

        assertThat(asked).containsExactly("POST /v1/approvals/" + ID + ":withdraw {}");
    }

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--broker",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "--token-file",
                folder.resolve("token").toString()));
        return new CommandLine(new ApproveCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((fault, line, parsed) -> {
                    line.getErr().println(fault.getMessage());
                    return 1;
                })
                .execute(all.toArray(String[]::new));
    }

    private JsonNode posted() throws IOException {
        String call = asked.getLast();
        String start = "POST /v1/approvals/" + ID + "/signatures ";
        assertThat(call).startsWith(start);
        return JSON.readTree(call.substring(start.length()));
    }

    private String pem(KeyPair pair) throws IOException {
        Path file = folder.resolve("key.pem");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return file.toString();
    }

    private static String sha256(String text) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
