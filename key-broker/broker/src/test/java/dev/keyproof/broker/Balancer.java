package dev.keyproof.broker;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Balances TCP connections over brokers, as HAProxy does in mode tcp with {@code option httpchk GET /readyz}: the next connection goes to
 * the next broker that said it is ready, or to the one after it where that takes none. What is connected stays connected.
 */
final class Balancer implements AutoCloseable {
    private static final int CHECK_MS = 100;

    private final List<URI> brokers;
    private final Map<URI, Boolean> ready = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final ServerSocket server;
    private volatile boolean open = true;

    Balancer(List<URI> brokers) throws IOException {
        this.brokers = List.copyOf(brokers);
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        brokers.forEach(broker -> Thread.ofVirtual().start(() -> check(broker)));
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    boolean sends(URI broker) {
        return ready.getOrDefault(broker, false);
    }

    private void check(URI broker) {
        while (open) {
            ready.put(broker, saysReady(broker));
            try {
                TimeUnit.MILLISECONDS.sleep(CHECK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean saysReady(URI broker) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) broker.resolve("/readyz").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            connection.setRequestProperty("Connection", "close");
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (open) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        Socket broker = connect();
        if (broker == null) {
            end(client);
            return;
        }
        Thread.ofVirtual().start(() -> pump(client, broker));
        pump(broker, client);
    }

    private @Nullable Socket connect() {
        for (int tried = 0; tried < 2 * brokers.size(); tried++) {
            URI broker = brokers.get(Math.floorMod(turn.getAndIncrement(), brokers.size()));
            if (sends(broker)) {
                Socket socket = new Socket();
                try {
                    socket.setTcpNoDelay(true);
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.getPort()), 1000);
                    return socket;
                } catch (IOException e) {
                    end(socket);
                }
            }
        }
        return null;
    }

    /** Until one of the two ends. */
    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // Then the other side learns of it as well.
        } finally {
            end(to);
            end(from);
        }
    }

    private static void end(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        open = false;
        server.close();
    }
}
