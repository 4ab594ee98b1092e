package dev.keyproof.launcher.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;

/** {@code DemoServices CONFIG.yaml}: {@code POST /tsa}, {@code POST /webhook}, {@code GET /received}, {@code GET /health}. */
public final class DemoServices {
    private static final int LARGEST = 1 << 20;

    private final DemoAuthority authority;
    private final WebhookReceiver receiver;
    private final ObjectMapper json = new ObjectMapper();

    private DemoServices(DemoAuthority authority, WebhookReceiver receiver) {
        this.authority = authority;
        this.receiver = receiver;
    }

    /**
     * The configuration.
     *
     * @param port loopback port
     * @param authority folder of the time-stamp authority
     * @param webhookSecretFile the file with the secret that webhooks are signed with
     * @param received the file that remembers the webhooks' ids
     */
    public record Settings(int port, Path authority, Path webhookSecretFile, Path received) {}

    /** Serves until it is told to end. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: DemoServices CONFIG.yaml");
            System.exit(2);
        }
        try {
            Settings settings = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build()
                    .readValue(Path.of(arguments[0]).toFile(), Settings.class);
            start(settings);
        } catch (JsonProcessingException e) {
            System.err.println("demo-services: " + arguments[0] + ": " + e.getOriginalMessage());
            System.exit(2);
        }
    }

    private static void start(Settings settings)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        InstantSource clock = InstantSource.system();
        DemoServices services = new DemoServices(
                DemoAuthority.open(settings.authority(), clock, new SecureRandom()),
                new WebhookReceiver(
                        Files.readString(settings.webhookSecretFile()).strip(), settings.received(), clock));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> services.json(exchange, Map.of("status", "UP")));
        server.createContext("/received", exchange -> services.json(exchange, services.receiver.count()));
        server.createContext("/tsa", services::stamp);
        server.createContext("/webhook", services::webhook);
        server.start();
        System.out.println("demo-services: a DEMO time-stamp authority and a receiver of webhooks at port "
                + server.getAddress().getPort());
    }

    private void stamp(HttpExchange exchange) throws IOException {
        try {
            byte[] answer = authority.answer(exchange.getRequestBody().readNBytes(LARGEST));
            send(exchange, 200, "application/timestamp-reply", answer);
        } catch (TSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            System.out.println("demo-services: a time-stamp request was refused: " + e.getMessage());
            send(exchange, 400, "text/plain", "not a time-stamp request\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void webhook(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
        boolean taken = receiver.take(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                body);
        send(exchange, taken ? 204 : 401, "text/plain", new byte[0]);
    }

    private void json(HttpExchange exchange, Object body) throws IOException {
        send(exchange, 200, "application/json", json.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
        exchange.close();
    }
}
