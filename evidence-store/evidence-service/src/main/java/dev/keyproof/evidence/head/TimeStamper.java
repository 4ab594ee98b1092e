package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.TimeToken;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has published heads time-stamped (RFC 3161) and keeps the tokens. A head that could not be stamped is tried again, until a newer
 * one, which covers it, takes its place. Thread-safe.
 */
public final class TimeStamper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeStamper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String QUERY = "application/timestamp-query";

    private final URI url;
    private final List<X509Certificate> chain;
    private final Path folder;
    private final YearLogs logs;
    private final SecureRandom random = new SecureRandom();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("time-stamps").daemon().factory());
    private volatile String trouble = "";

    /** A head with its request and answer. */
    public record Stamped(SignedHead head, byte[] checkpoint, byte[] request, byte[] answer) {}

    /** {@code chain} is the authority's: its certificate first, its self-signed root last. Tokens lie in {@code folder/YEAR}. */
    public TimeStamper(URI url, List<X509Certificate> chain, Path folder, YearLogs logs) {
        this.url = url;
        this.chain = List.copyOf(chain);
        this.folder = folder;
        this.logs = logs;
    }

    public void start(int intervalSeconds) {
        timer.execute(() -> {
            try {
                while (!timer.isShutdown()) {
                    TimeUnit.SECONDS.sleep(intervalSeconds);
                    newest();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public List<X509Certificate> chain() {
        return chain;
    }

    /** Empty while all is well, else one line. */
    public String trouble() {
        return trouble;
    }

    private void newest() {
        logs.all()
                .forEach((year, log) -> log.lastHead().ifPresent(head -> {
                    try {
                        stamp(year, head);
                    } catch (EvidenceException | RuntimeException e) {
                        if (trouble.isEmpty() && !timer.isShutdown()) {
                            LOG.warn("event=time-stamp-failed reason=\"{}\"", e.getMessage());
                        }
                        trouble = String.valueOf(e.getMessage());
                    }
                }));
    }

    /** The token of a head: the one kept, or a new one. */
    public synchronized Stamped stamp(int year, SignedHead head) throws EvidenceException {
        Path base = folder.resolve(Integer.toString(year));
        Optional<Stamped> kept = read(base, head.size());
        // Stamped before a witness cosigned, it is stamped again: the token is over the file as it is handed out.
        if (kept.isPresent()
                && kept.get().head().checkpoint().equals(head.checkpoint())
                && kept.get().head().note().signatures().containsAll(head.note().signatures())) {
            return kept.get();
        }
        byte[] checkpoint = head.note().bytes();
        try {
            TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            byte[] request = generator
                    .generate(TSPAlgorithms.SHA256, sha256(checkpoint), new BigInteger(63, random))
                    .getEncoded();
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(url)
                            .timeout(PATIENCE)
                            .header("Content-Type", QUERY)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new EvidenceException("the time-stamp authority answered with " + answer.statusCode());
            }
            TimeToken.verify(request, answer.body(), checkpoint, chain, url.toString());
            Files.deleteIfExists(base.resolve(head.size() + ".tsr"));
            DurableFiles.write(base.resolve(head.size() + ".checkpoint"), checkpoint);
            DurableFiles.write(base.resolve(head.size() + ".tsq"), request);
            DurableFiles.write(base.resolve(head.size() + ".tsr"), answer.body());
            trouble = "";
            return new Stamped(head, checkpoint, request, answer.body());
        } catch (IOException e) {
            throw new EvidenceException("the time-stamp authority " + url + " does not answer: " + e.getMessage(), e);
        } catch (BrokenPackException e) {
            throw new EvidenceException("the time-stamp authority's answer is no good: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("stopped while a time stamp was asked for", e);
        }
    }

    /** The head of exactly that size, where one was stamped. */
    public Optional<Stamped> at(int year, long size) throws EvidenceException {
        return read(folder.resolve(Integer.toString(year)), size);
    }

    /** The newest head that has a token. */
    public Optional<Stamped> latest(int year) throws EvidenceException {
        Path base = folder.resolve(Integer.toString(year));
        if (!Files.isDirectory(base)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(base)) {
            Optional<Long> size = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".tsr"))
                    .map(name -> Long.parseLong(name.substring(0, name.length() - 4)))
                    .max(Comparator.naturalOrder());
            return size.isPresent() ? read(base, size.get()) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            throw new EvidenceException("the time tokens in " + base + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<Stamped> read(Path base, long size) throws EvidenceException {
        try {
            // The answer is written last: with it, all three are there.
            if (!Files.exists(base.resolve(size + ".tsr"))) {
                return Optional.empty();
            }
            byte[] checkpoint = Files.readAllBytes(base.resolve(size + ".checkpoint"));
            return Optional.of(new Stamped(
                    SignedHead.parse(new String(checkpoint, java.nio.charset.StandardCharsets.UTF_8)),
                    checkpoint,
                    Files.readAllBytes(base.resolve(size + ".tsq")),
                    Files.readAllBytes(base.resolve(size + ".tsr"))));
        } catch (IOException | dev.keyproof.log.note.NoteException e) {
            throw new EvidenceException("the time token of size " + size + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        http.close();
    }
}
