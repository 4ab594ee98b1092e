package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.broker.BrokerProcess.Reply;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A broker that exports its traces to a receiver which reads OTLP by the protocol's own classes. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String SECRET = "c2VjcmV0LW9mLXRoZS1jYWxsZXI=";

    private final Queue<ExportTraceServiceRequest> received = new ConcurrentLinkedQueue<>();
    private HttpServer collector;
    private TestHome home;
    private BrokerProcess broker;
    private String key;
    private String app;

    @BeforeAll
    void start() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        collector.createContext("/v1/traces", exchange -> {
            received.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        home = TestHome.create()
                .set(
                        "keyproof.traces.endpoint",
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")
                .set("keyproof.traces.sample", "0");
        broker = home.start();
        app = home.token("payments", "application");
        key = broker.post("/v1/keys", home.token("root", "administrator"), "{'name':'k','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    @AfterAll
    void stop() throws Exception {
        broker.close();
        home.close();
        collector.stop(0);
    }

    private List<Span> spans() {
        return received.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private Reply encrypt(Map<String, String> headers) throws Exception {
        return broker.call("POST", "/v1/keys/" + key + ":encrypt", app, "{\"plaintext\":\"" + SECRET + "\"}", headers);
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Test
    void aCallThatIsTracedIsASpanOfItsCallersTraceAndItsStepsAreItsChildren() throws Exception {
        // Twice: the first goes the long way, for its token is not known yet.
        encrypt(Map.of());
        received.clear();
        Reply reply = encrypt(Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01"));
        Reply untraced = encrypt(Map.of());

        await().until(() -> spans().size() >= 4);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(spans())
                .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
        Span request = spans().stream()
                .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
                .findFirst()
                .orElseThrow();
        assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER);
        assertThat(spans())
                .filteredOn(span -> span.getParentSpanId().equals(request.getSpanId()))
                .extracting(Span::getName)
                .containsExactly("decision", "device encrypt", "journal commit");
        assertThat(request.getAttributesList())
                .anySatisfy(attribute -> assertThat(attribute.getKey()).isEqualTo("http.response.status_code"));
        assertThat(received.toString()).doesNotContain(SECRET, "secret-of-the-caller", app, key, "payments");

        Records records = Records.of(home.journal());
        JsonNode event = records.at(reply.record().orElseThrow());
        assertThat(Records.keyproof(event).at("/detail/trace").asText()).isEqualTo(TRACE);
        // One that is begun here has an id as well, and is exported as often as the operator says: here never.
        assertThat(Records.keyproof(records.at(untraced.record().orElseThrow()))
                        .at("/detail/trace")
                        .asText())
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(TRACE);
    }

    @Test
    void aRefusalIsTracedWithItsProblem() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";

        Reply reply = broker.call(
                "POST",
                "/v1/keys/" + key + ":encrypt",
                home.token("eve", "auditor"),
                "{\"plaintext\":\"" + SECRET + "\"}",
                Map.of("traceparent", "00-" + trace + "-" + CALLER + "-01"));

        assertThat(reply.status()).isEqualTo(403);
        await().until(() -> spans().stream()
                .anyMatch(span ->
                        hex(span.getTraceId()).equals(trace) && span.getKind() == Span.SpanKind.SPAN_KIND_SERVER));
        assertThat(spans())
                .filteredOn(span -> hex(span.getTraceId()).equals(trace))
                .extracting(Span::getName)
                .contains("decision", "journal commit")
                .doesNotContain("device encrypt");
    }
}
