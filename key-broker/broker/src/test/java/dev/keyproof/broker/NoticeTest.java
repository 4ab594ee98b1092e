package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Approvers are told, by a receiver of webhooks and by a mail server that take nothing without signature, TLS and password. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoticeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] SECRET = "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);

    private final Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
    private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile int status = 204;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer receiver;
    private SMTPServer post;
    private TestHome home;
    private BrokerProcess broker;
    private String admin;

    private record Letter(String to, String text) {}

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(threads);
        receiver.createContext("/", this::receive);
        receiver.start();
        TestAuthority authority = new TestAuthority("Mail");
        Path trust = home.root().resolve("trust.p12");
        authority.writeTrust(trust, "changeit");
        post = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(TestHome.freePort())
                .requireTLS()
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("keyproof") || !password.equals("sesame")) {
                        throw new LoginFailedException();
                    }
                }))
                .startTlsSocketFactory(authority
                        .issue("CN=localhost", new GeneralName(GeneralName.dNSName, "localhost"))
                        .server())
                .messageHandler((context, from, to, data) ->
                        letters.add(new Letter(to, new String(data, StandardCharsets.UTF_8))))
                .build();
        post.start();
        Path secret = Files.writeString(
                home.root().resolve("secret"), "whsec_" + Base64.getEncoder().encodeToString(SECRET));
        Path password = Files.writeString(home.root().resolve("password"), "sesame\n");
        home.set(
                        "keyproof.notices.webhook.url",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/")
                .set("keyproof.notices.webhook.secret-file", secret.toString())
                .set("keyproof.notices.mail.host", "localhost")
                .set("keyproof.notices.mail.port", Integer.toString(post.getPort()))
                .set("keyproof.notices.mail.username", "keyproof")
                .set("keyproof.notices.mail.password-file", password.toString())
                .set("keyproof.notices.mail.from", "keyproof@example.org")
                .set("keyproof.notices.mail.addresses.alice", "alice@example.org")
                .set("keyproof.notices.mail.addresses.bob", "bob@example.org")
                .option("-Djavax.net.ssl.trustStore=" + trust)
                .option("-Djavax.net.ssl.trustStorePassword=changeit");
        home.policy(parameters -> {
            ObjectNode approving = (ObjectNode) parameters.path("approving");
            approving.put("quorumMinutes", 30);
            ArrayNode levels = ((ObjectNode) approving.path("onCall")).putArray("custodian");
            levels.addObject().put("afterMinutes", 0).putArray("approvers").add("alice");
            levels.addObject()
                    .put("afterMinutes", 20)
                    .putArray("approvers")
                    .add("bob")
                    .add("carol");
        });
        broker = home.start();
        admin = home.token("root", "administrator");
    }

    @BeforeEach
    void open() {
        status = 204;
        told.clear();
        letters.clear();
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        receiver.stop(0);
        post.stop();
        threads.shutdownNow();
        home.close();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        attempts.incrementAndGet();
        try {
            gate.await();
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String time = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(StandardCharsets.US_ASCII));
            String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            boolean signed = expected.equals(exchange.getRequestHeaders().getFirst("webhook-signature"))
                    && Math.abs(Long.parseLong(time) - System.currentTimeMillis() / 1000) < 60;
            int answer = signed ? status : 401;
            if (answer == 204) {
                told.add(((ObjectNode) JSON.readTree(body)).put("id", id));
            }
            exchange.sendResponseHeaders(answer, -1);
        } catch (Exception e) {
            exchange.sendResponseHeaders(500, -1);
        }
        exchange.close();
    }

    @Test
    void whoIsOnCallIsAskedFirstAndTheNextOnesWhenNobodyAnswers() throws Exception {
        // When
        JsonNode asked = asked();

        // Then: the first level
        assertThat(recipients(told(asked, "approval.asked"))).containsExactly("alice");
        await().atMost(Duration.ofSeconds(20)).until(() -> !letters.isEmpty());
        Letter letter = letters.peek();
        assertThat(letter.to()).isEqualTo("alice@example.org");
        assertThat(letter.text())
                .contains(
                        "Subject: Keyproof: DestroyKey waits for your approval",
                        asked.path("id").asText());

        // When: nobody answers for longer than the first level has, and than a quorum may take
        home.execute("UPDATE approval SET created = created - interval '25 minutes' WHERE id = '"
                + asked.path("id").asText() + "'");
        assertThat(recipients(told(asked, "approval.escalated"))).containsExactly("bob", "carol");
        assertThat(overdue(asked)).isEmpty();
        home.execute("UPDATE approval SET created = created - interval '10 minutes' WHERE id = '"
                + asked.path("id").asText() + "'");

        // Then
        assertThat(recipients(told(asked, "approval.overdue"))).containsExactly("alice", "bob", "carol");
        assertThat(overdue(asked)).hasSize(1);
        JsonNode clock = overdue(asked).getFirst().path("quorumClock");
        assertThat(clock.path("met").asBoolean(true)).isFalse();
        assertThat(clock.path("seconds").asLong()).isGreaterThan(1800);

        // When: one withdraws, others approve, and it is done
        sign("alice", asked);
        broker.post("/v1/approvals/" + asked.path("id").asText() + ":withdraw", home.token("alice", "custodian"), "{}");
        assertThat(told(asked, "approval.withdrawn")
                        .path("data")
                        .path("approved")
                        .asInt())
                .isZero();
        sign("bob", asked);
        sign("carol", asked);
        Reply destroyed = broker.post(
                "/v1/keys/" + asked.path("key").asText() + ":destroy",
                admin,
                "{'approval':'" + asked.path("id").asText() + "'}");
        assertThat(destroyed.status()).as("%s", destroyed).isEqualTo(200);
        assertThat(recipients(told(asked, "approval.executed"))).contains("alice", "bob", "carol");
    }

    @Test
    void whoAsksMuchKeepsNobodyFromBeingTold() throws Exception {
        JsonNode asked = asked();
        String id = asked.path("id").asText();
        home.execute(
                "INSERT INTO approval (id, statement, operation, key_id, change, parameters, requester, quorum, role,"
                        + " created, expires) SELECT '01' || lpad(n::text, 24, '0'), statement, operation, key_id, change,"
                        + " parameters, requester, quorum, role, created, expires - interval '1 hour'"
                        + " FROM approval, generate_series(1, 300) n WHERE id = '" + id + "'");

        home.execute("UPDATE approval SET created = created - interval '25 minutes' WHERE id = '" + id + "'");

        assertThat(recipients(told(asked, "approval.escalated"))).containsExactly("bob", "carol");
    }

    @Test
    void whatIsAboutToExpireAndWhatHasIsTold() throws Exception {
        JsonNode asked = asked();
        String id = asked.path("id").asText();

        home.execute("UPDATE approval SET expires = now() + interval '10 minutes' WHERE id = '" + id + "'");
        assertThat(recipients(told(asked, "approval.expiring"))).containsExactly("alice");
        home.execute("UPDATE approval SET expires = now() WHERE id = '" + id + "'");

        assertThat(recipients(told(asked, "approval.expired"))).containsExactly("alice");
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyAndAKillLosesNothing() throws Exception {
        // Given: a receiver that takes a call and does not answer
        gate = new CountDownLatch(1);
        int before = attempts.get();
        JsonNode asked = asked();
        await().atMost(Duration.ofSeconds(20)).until(() -> attempts.get() > before);

        // When: other calls go on, and then the broker is killed in the middle of telling it
        assertThat(asked().path("id").asText()).isNotEmpty();
        broker.kill();
        status = 500;
        gate.countDown();
        broker = home.start();
        int then = attempts.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> attempts.get() > then + 1);
        assertThat(told).isEmpty();
        status = 204;

        // Then
        assertThat(recipients(told(asked, "approval.asked"))).containsExactly("alice");
        assertThat(home.select(
                        "SELECT count(*) FROM notice_delivery d JOIN notice n ON n.id = d.notice WHERE n.approval = '"
                                + asked.path("id").asText() + "' AND channel = 'webhook'"))
                .isEqualTo("0");
        assertThat(broker.output())
                .doesNotContain("sesame")
                .doesNotContain(new String(SECRET, StandardCharsets.US_ASCII));
    }

    private List<JsonNode> overdue(JsonNode asked) throws Exception {
        return Records.of(home.journal()).of("approval", "ApprovalOverdue").stream()
                .map(event -> Records.keyproof(event).path("detail"))
                .filter(detail -> detail.path("approval").equals(asked.path("id")))
                .toList();
    }

    private JsonNode told(JsonNode asked, String type) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> told.stream()
                                .filter(one -> one.path("type").asText().equals(type)
                                        && one.path("data").path("approval").equals(asked.path("id")))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static List<String> recipients(JsonNode one) {
        List<String> recipients = new ArrayList<>();
        one.path("data").path("recipients").forEach(id -> recipients.add(id.asText()));
        return recipients;
    }

    private JsonNode asked() throws Exception {
        String key = broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
        Reply asked =
                broker.post("/v1/approvals", admin, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}");
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body();
    }

    private void sign(String approver, JsonNode asked) throws Exception {
        Reply signed = broker.post(
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                home.token(approver, "custodian"),
                "{'jws':'" + home.approve(approver, asked.path("statement").asText()) + "'}");
        assertThat(signed.status()).as("%s", signed).isEqualTo(200);
    }
}
