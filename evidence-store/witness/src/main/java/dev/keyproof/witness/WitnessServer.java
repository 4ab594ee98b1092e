package dev.keyproof.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.log.note.Cosigner;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A witness over HTTP: {@code POST /add-checkpoint} (C2SP tlog-witness) and {@code GET /health}. Nobody needs a token: what is asked
 * for is bound to the log's own signature. TLS is the affair of whatever stands before it.
 */
public final class WitnessServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WitnessServer.class.getName());

    /** A proof of 63 hashes and a checkpoint with many signatures is well below. */
    private static final int LARGEST_BODY = 64 << 10;

    private final Cosigner cosigner;
    private final SeenHeads seen;
    private final Witness witness;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    private WitnessServer(Cosigner cosigner, SeenHeads seen, Witness witness, HttpServer server) {
        this.cosigner = cosigner;
        this.seen = seen;
        this.witness = witness;
        this.server = server;
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts.
     *
     * @param logs verifier keys of the logs that are witnessed
     * @param state folder of the last heads
     * @param port 0 takes a free one
     * @throws WitnessException if the state cannot be read or the port cannot be taken
     */
    static WitnessServer start(Cosigner cosigner, List<NoteVerifier> logs, Path state, InetAddress address, int port)
            throws WitnessException {
        SeenHeads seen = SeenHeads.open(state);
        try {
            Witness witness = new Witness(cosigner, logs, seen);
            return new WitnessServer(
                    cosigner, seen, witness, HttpServer.create(new InetSocketAddress(address, port), 64));
        } catch (IOException e) {
            seen.close();
            throw new WitnessException("the port " + port + " cannot be taken: " + e.getMessage(), e);
        } catch (WitnessException e) {
            seen.close();
            throw e;
        }
    }

    /** The port in use. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The witness's verifier key. */
    public String vkey() {
        return cosigner.verifier().vkey();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            if (path.equals("/add-checkpoint")) {
                if (method.equals("POST")) {
                    add(exchange);
                } else {
                    exchange.getResponseHeaders().set("Allow", "POST");
                    problem(exchange, 405, "a checkpoint is posted");
                }
            } else if (path.equals("/health") && method.equals("GET")) {
                send(exchange, 200, "application/json", "{\"status\":\"UP\"}");
            } else {
                problem(exchange, 404, "there is /add-checkpoint");
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "event=caller-gone", e);
        }
    }

    private void add(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            problem(exchange, 413, "the submission is too large");
            return;
        }
        try {
            switch (witness.add(body)) {
                case Witness.Answer.Cosigned cosigned ->
                    send(exchange, 200, "text/plain; charset=utf-8", cosigned.lines());
                case Witness.Answer.Conflict conflict ->
                    send(exchange, 409, "text/x.tlog.size", conflict.size() + "\n");
                case Witness.Answer.Refused refused -> problem(exchange, refused.status(), refused.reason());
            }
        } catch (WitnessException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "event=failed", e);
            problem(exchange, 500, "the witness cannot keep its state; its log says why");
        }
    }

    /** RFC 9457; reasons are our own words, or name a place in what was sent. */
    private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
        String plain = detail.replaceAll("[^ -~]", "?").replace("\\", "?").replace("\"", "'");
        send(
                exchange,
                status,
                "application/problem+json",
                "{\"type\":\"about:blank\",\"status\":" + status + ",\"detail\":\"" + plain + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        seen.close();
    }
}
