package dev.keyproof.broker.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One kept-alive HTTP/1.1 connection that sends the same requests in turn again and again; it costs little beside the server. */
final class HttpLoad implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final List<byte[]> requests = new ArrayList<>();
    private final String required;
    private int next;

    /**
     * Sends the body to each of the paths in turn, beginning at {@code first}.
     *
     * @param required how a header begins, in lower case, that each answer must have
     */
    HttpLoad(URI server, List<String> paths, int first, String token, String body, String required) throws IOException {
        this.required = required;
        socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (String path : paths) {
            requests.add(("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n"
                            + body)
                    .getBytes(StandardCharsets.UTF_8));
        }
        next = first % requests.size();
    }

    /** One exchange; anything but 200 with the required header is an error. */
    void exchange() throws IOException {
        socket.getOutputStream().write(requests.get(next));
        next = (next + 1) % requests.size();
        String status = line();
        boolean complete = false;
        boolean chunked = false;
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            complete |= lower.startsWith(required);
            chunked |= lower.equals("transfer-encoding: chunked");
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
        }
        String problem = "";
        if (!chunked) {
            problem = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        } else {
            for (int size = chunk(); size > 0; size = chunk()) {
                in.skipNBytes(size);
                line();
            }
            line();
        }
        if (!status.startsWith("HTTP/1.1 200") || !complete) {
            throw new IOException("answered " + status + (complete ? "" : " without " + required) + ": " + problem);
        }
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the broker closed the connection");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
