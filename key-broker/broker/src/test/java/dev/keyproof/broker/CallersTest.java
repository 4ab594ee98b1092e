package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may be known to the broker, by token, certificate or SVID, over real TLS. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallersTest {
    private static final String ORDERS = "spiffe://prod.test/ns/shop/orders";

    private TestHome home;
    private TestAuthority servers;
    private TestAuthority people;
    private TestAuthority workloads;
    private BrokerProcess broker;
    private String admin;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        servers = new TestAuthority("servers");
        people = new TestAuthority("people");
        workloads = new TestAuthority("workloads");
        servers.issue("CN=broker", address()).write(file("server.pem"), file("server.key"));
        TestAuthority.pem(file("people.pem"), people.certificate());
        TestAuthority.pem(file("workloads.pem"), workloads.certificate());
        TestAuthority.pem(file("clients.pem"), people.certificate(), workloads.certificate());
        people.writeCrl(file("people.crl"), Duration.ofHours(1));
        home.set("server.ssl.bundle", "front")
                .set("server.ssl.client-auth", "want")
                .set("spring.ssl.bundle.pem.front.keystore.certificate", "file:" + file("server.pem"))
                .set("spring.ssl.bundle.pem.front.keystore.private-key", "file:" + file("server.key"))
                .set("spring.ssl.bundle.pem.front.truststore.certificate", "file:" + file("clients.pem"))
                .set("spring.ssl.bundle.pem.front.reload-on-update", "true")
                .set("spring.ssl.bundle.watch.file.quiet-period", "200ms")
                .set("keyproof.certificates.authorities", file("people.pem").toString())
                .set("keyproof.certificates.crls", file("people.crl").toString())
                .set("keyproof.workloads.trust-domain", "prod.test")
                .set("keyproof.workloads.authorities", file("workloads.pem").toString())
                .over(servers.client())
                .policy(parameters -> {
                    parameters
                            .withArray("grants")
                            .addObject()
                            .put("method", "workload")
                            .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                                    "ids", parameters.arrayNode().add("spiffe://prod.test/ns/shop/*"))
                            .set("roles", parameters.arrayNode().add("application"));
                    parameters
                            .withArray("grants")
                            .addObject()
                            .put("method", "certificate")
                            .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                                    "groups", parameters.arrayNode().add("key-admins"))
                            .set("roles", parameters.arrayNode().add("administrator"));
                });
        broker = home.start();
        admin = home.token("root", "administrator");
        key = broker.post("/v1/keys", admin, "{'name':'orders','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private Path file(String name) {
        return home.root().resolve(name);
    }

    private static GeneralName address() {
        return new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private BrokerProcess as(TestAuthority.Issued issued) throws Exception {
        return broker.as(issued.client(servers));
    }

    private Reply encrypt(BrokerProcess client) throws Exception {
        return client.call("POST", "/v1/keys/" + key + ":encrypt", null, "{\"plaintext\":\"aGVsbG8=\"}");
    }

    private JsonNode actor(Reply reply) throws Exception {
        JsonNode event = Records.of(home.journal()).at(reply.record().orElseThrow());
        assertThat(event.path("actor").path("user").path("uid"))
                .isEqualTo(Records.keyproof(event)
                        .path("decision")
                        .path("input")
                        .path("actor")
                        .path("id"));
        return Records.keyproof(event).path("decision").path("input").path("actor");
    }

    private static void refused(Reply reply, String detail) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(401);
        assertThat(reply.problem()).isEqualTo("unauthenticated");
        assertThat(reply.body().path("detail").asText()).contains(detail);
    }

    @Test
    void aWorkloadIsKnownByItsSvid() throws Exception {
        Reply done = encrypt(as(workloads.issue("O=SPIRE", uri(ORDERS))));

        assertThat(done.status()).as("%s", done).isEqualTo(200);
        assertThat(actor(done).path("id").asText()).isEqualTo(ORDERS);
        assertThat(actor(done).path("method").asText()).isEqualTo("workload");
        assertThat(actor(done).path("roles")).isEmpty();
    }

    @Test
    void theRecordShowsTheRolesThatTheDataGrants() throws Exception {
        Reply done = encrypt(as(workloads.issue("O=SPIRE", uri(ORDERS))));

        assertThat(Records.of(home.journal())
                        .at(done.record().orElseThrow())
                        .at("/actor/user/groups")
                        .findValuesAsText("name"))
                .containsExactly("application");
    }

    @Test
    void whoseCertificateWasVerifiedTakesTheShortWayAndIsDecidedAndRecordedAlike() throws Exception {
        BrokerProcess client = as(workloads.issue("O=SPIRE", uri(ORDERS)));
        Reply ordinary = encrypt(client);
        // Spring's filters set this header, and the short way passes them by.
        assertThat(ordinary.header("X-Frame-Options")).isNotEmpty();

        Reply brief = await().until(
                        () -> encrypt(client),
                        reply -> reply.header("X-Frame-Options").isEmpty());

        assertThat(brief.status()).as("%s", brief).isEqualTo(200);
        assertThat(actor(brief)).isEqualTo(actor(ordinary));
        Reply other = encrypt(as(workloads.issue("O=SPIRE", uri("spiffe://prod.test/ns/other/orders"))));
        assertThat(other.status()).isEqualTo(403);
        assertThat(actor(other).path("id").asText()).isEqualTo("spiffe://prod.test/ns/other/orders");
    }

    @Test
    void policyGrantsAWorkloadItsRolesAndNoOthers() throws Exception {
        Reply other = encrypt(as(workloads.issue("O=SPIRE", uri("spiffe://prod.test/ns/other/orders"))));
        Reply more = as(workloads.issue("O=SPIRE", uri(ORDERS))).get("/v1/inventory", null);

        assertThat(other.status()).isEqualTo(403);
        assertThat(other.body().path("reasons").toString()).contains("role-not-permitted");
        assertThat(actor(other).path("method").asText()).isEqualTo("workload");
        assertThat(more.status()).isEqualTo(403);
    }

    @Test
    void aPersonIsKnownByACertificateAndItsGroups() throws Exception {
        Reply done = as(people.issue("CN=ann,OU=key-admins,O=Example")).get("/v1/inventory", null);

        assertThat(done.status()).as("%s", done).isEqualTo(200);
        assertThat(actor(done).path("id").asText()).isEqualTo("x509:ann");
        assertThat(actor(done).path("method").asText()).isEqualTo("certificate");
        assertThat(actor(done).path("groups").toString()).isEqualTo("[\"key-admins\"]");
    }

    @Test
    void aTokenGoesFirst() throws Exception {
        Reply done = as(workloads.issue("O=SPIRE", uri(ORDERS))).get("/v1/keys", admin);

        assertThat(done.status()).isEqualTo(200);
        assertThat(actor(done).path("id").asText()).isEqualTo("root");
        assertThat(actor(done).path("method").asText()).isEqualTo("token");
    }

    @Test
    void noTokenSaysThatItIsACertificate() throws Exception {
        for (String subject : new String[] {ORDERS, "x509:ann", "keyproof-broker"}) {
            refused(broker.get("/v1/keys", home.token(subject, "administrator")), "kept for");
        }
    }

    @Test
    void neitherKindOfAuthorityNamesCallersOfTheOther() throws Exception {
        refused(encrypt(as(people.issue("CN=ann", uri(ORDERS)))), "not of an authority");
        refused(encrypt(as(workloads.issue("CN=ann,OU=key-admins"))), "not of an authority");
    }

    @Test
    void anSvidHasOneUriOfTheTrustDomain() throws Exception {
        GeneralName[][] wrong = {
            {uri(ORDERS), uri("spiffe://prod.test/ns/shop/cart")},
            {uri(ORDERS), uri("https://prod.test/")},
            {uri("spiffe://test.test/ns/shop/orders")},
            {uri("spiffe://prod.test")},
            {uri("spiffe://prod.test/ns/../shop")},
            {uri("SPIFFE://prod.test/ns/shop/orders")},
            {uri("spiffe://prod.test:80/ns/shop/orders")},
        };
        for (GeneralName[] names : wrong) {
            refused(encrypt(as(workloads.issue("O=SPIRE", names))), "names nobody");
        }
    }

    @Test
    void aCertificateNamesOnePerson() throws Exception {
        for (String subject : new String[] {"O=Example", "CN=ann,CN=bob", "CN=ann\\\\ smith", "CN=x509:ann"}) {
            refused(as(people.issue(subject)).get("/v1/keys", null), "names nobody");
        }
    }

    @Test
    void whoIsExpiredOrForeignIsNotEvenConnected() throws Exception {
        TestAuthority foreign = new TestAuthority("workloads");

        assertThatThrownBy(() -> encrypt(as(workloads.issue("O=SPIRE", Duration.ofMinutes(-1), uri(ORDERS)))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> encrypt(as(foreign.issue("O=SPIRE", uri(ORDERS)))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoExpiresOrIsRevokedWhileConnectedIsRefused() throws Exception {
        BrokerProcess brief = as(workloads.issue("O=SPIRE", Duration.ofSeconds(5), uri(ORDERS)));
        TestAuthority.Issued bob = people.issue("CN=bob,OU=key-admins");
        BrokerProcess revoked = as(bob);
        assertThat(encrypt(brief).status()).isEqualTo(200);
        assertThat(revoked.get("/v1/keys", null).status()).isEqualTo(200);

        people.revoke(bob.certificate());
        people.writeCrl(file("people.crl"), Duration.ofHours(1));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> refused(revoked.get("/v1/keys", null), "is revoked"));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> refused(encrypt(brief), "not valid at this time"));
        assertThat(as(people.issue("CN=carl,OU=key-admins"))
                        .get("/v1/keys", null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aListOfRevokedThatIsTooOldLetsNobodyIn() throws Exception {
        // The JDK gives a clock that is behind a quarter of an hour.
        people.writeCrl(file("people.crl"), Duration.ofMinutes(-20));
        try {
            refused(as(people.issue("CN=dora,OU=key-admins")).get("/v1/keys", null), "missing or too old");
        } finally {
            people.writeCrl(file("people.crl"), Duration.ofHours(1));
        }
    }

    @Test
    void theServersCertificateIsReplacedWithoutARestart() throws Exception {
        X509Certificate before = shown();
        TestAuthority.Issued fresh = servers.issue("CN=broker", address());

        fresh.write(file("server.pem"), file("server.key"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(shown()).isEqualTo(fresh.certificate()).isNotEqualTo(before));
    }

    private X509Certificate shown() throws Exception {
        SSLContext client = servers.client();
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket("127.0.0.1", broker.base().getPort())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
