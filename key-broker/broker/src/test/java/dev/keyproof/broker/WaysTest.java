package dev.keyproof.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Crypto calls take a short way or the ordinary one, and nobody can tell by which; whatever a known caller sends is on the record. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaysTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHORT = "application/json";
    private static final String ORDINARY = "application/json;charset=UTF-8";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestHome home;
    private BrokerProcess broker;
    private String app;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        app = home.token("payments", "application");
        key = broker.post("/v1/keys", home.token("root", "administrator"), "{'name':'k','algorithm':'HMAC_SHA256'}")
                .body()
                .path("id")
                .asText();
        // The token is known from now on.
        assertThat(send("POST", "/v1/keys/" + key + ":mac", ORDINARY, app, "{\"message\":\"aGVsbG8=\"}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String type, String token, byte[] body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(broker.base() + path))
                        .header("Content-Type", type)
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode event(HttpResponse<byte[]> answer) throws Exception {
        return Records.of(home.journal())
                .at(answer.headers().firstValue("Keyproof-Record").orElseThrow());
    }

    @Test
    void bothWaysAnswerAndRecordTheSame() throws Exception {
        for (String body : List.of(
                "{\"message\":\"aGVsbG8=\"}",
                "{\"items\":[{\"message\":\"aGVsbG8=\"},{\"message\":\"?\"}]}",
                "{\"message\":\"?\"}",
                "{}",
                "{\"other\":1}",
                "null",
                "[1]",
                "{\"message\":",
                "",
                "{\"items\":[]}",
                "{\"message\":\"" + "A".repeat(100_000) + "\"}")) {
            for (String path : List.of(
                    "/v1/keys/" + key + ":mac",
                    "/v1/keys/01KAV3J8Q4W6Z0X1Y2T3R4S5P6:mac",
                    "/v1/keys/" + key + ":sign")) {
                HttpResponse<byte[]> brief = send("POST", path, SHORT, app, body.getBytes(UTF_8));
                HttpResponse<byte[]> ordinary = send("POST", path, ORDINARY, app, body.getBytes(UTF_8));

                assertThat(brief.statusCode()).as("%s %s", path, body).isEqualTo(ordinary.statusCode());
                assertThat(JSON.readTree(brief.body())).isEqualTo(JSON.readTree(ordinary.body()));
                assertThat(brief.headers().firstValue("Content-Type"))
                        .isEqualTo(ordinary.headers().firstValue("Content-Type"));
                assertThat(brief.headers().firstValue("Cache-Control").orElse(""))
                        .contains("no-store");
                assertThat(List.of(brief.headers()
                                .firstValue("X-Content-Type-Options")
                                .orElse("")))
                        .containsExactly("nosniff");
                JsonNode one = event(brief);
                JsonNode other = event(ordinary);
                for (String field : List.of("status_id", "status_detail", "status_code", "api", "resources")) {
                    assertThat(without(one.path(field))).as(field).isEqualTo(without(other.path(field)));
                }
            }
        }
    }

    /** The request's own id is its own. */
    private static JsonNode without(JsonNode node) {
        if (node instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
            object.remove("request");
        }
        return node;
    }

    @Test
    void aTokenThatNobodyKnowsIsVerifiedFirst() throws Exception {
        int signature = app.lastIndexOf('.') + 1;
        String forged = app.substring(0, signature) + new StringBuilder(app.substring(signature)).reverse();

        assertThat(send("POST", "/v1/keys/" + key + ":mac", SHORT, forged, "{\"message\":\"aGVsbG8=\"}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("POST", "/v1/keys/" + key + ":mac", SHORT, "", "{}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void whatIsNoCallOfOursIsOnTheRecordToo() throws Exception {
        byte[] large = new byte[5 * 1024 * 1024];
        Arrays.fill(large, (byte) ' ');

        HttpResponse<byte[]> nothing = send("POST", "/v1/nothing", SHORT, app, new byte[] {'{', '}'});
        HttpResponse<byte[]> method = send("DELETE", "/v1/keys", SHORT, app, new byte[0]);
        HttpResponse<byte[]> tooLarge = send("POST", "/v1/keys/" + key + ":mac", SHORT, app, large);

        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(event(nothing).path("api").path("operation").asText()).isEqualTo("UnknownCall");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(event(method).path("status_id").asInt()).isEqualTo(2);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(event(tooLarge).path("api").path("operation").asText()).isEqualTo("GenerateMac");
    }

    /** A connection that is closed while a caller still sends is reset, and the answer is lost with it. */
    @Test
    void whoSendsTooMuchIsToldSo() throws Exception {
        byte[] large = new byte[7 * 1024 * 1024];
        Arrays.fill(large, (byte) ' ');

        for (int again = 0; again < 25; again++) {
            for (String type : List.of(SHORT, ORDINARY)) {
                assertThat(send("POST", "/v1/keys/" + key + ":mac", type, app, large)
                                .statusCode())
                        .isEqualTo(413);
                assertThat(send("POST", "/v1/keys/" + key + ":mac", type, "nobody", large)
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }
}
