package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.TimeToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has published heads time-stamped (RFC 3161), one an interval while there is something new. A head is queued on disk before the
 * authority is asked, so that an outage, or a restart in it, costs no interval its token: what waits is asked for again, the
 * oldest first, at growing distances. The token then states the time at which it was had, not the interval's. Thread-safe.
 */
public final class TimeStamper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeStamper.class);
    private static final long POLL_MS = 200;

    private final TimeAuthority authority;
    private final TimeTokens tokens;
    private final YearLogs logs;
    private final Clock clock;
    private final Duration interval;
    private final Backoff backoff;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("time-stamps").daemon().factory());
    /** The size queued last, by year; what has a token or waits is not queued again. */
    private final Map<Integer, Long> queued = new TreeMap<>();

    private Instant nextInterval = Instant.MIN;
    private Instant nextTry = Instant.MIN;
    private Duration distance;
    private volatile String trouble = "";
    private volatile Optional<Last> last = Optional.empty();

    /** A head with its request and answer, and the chain of the authority that answered. */
    public record Stamped(
            SignedHead head, byte[] checkpoint, byte[] request, byte[] answer, List<X509Certificate> chain) {}

    /** Distance between tries while the authority is away: doubled after each, from the first to the longest. */
    public record Backoff(Duration first, Duration longest) {
        /** A second, up to five minutes. */
        public static Backoff usual() {
            return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
        }
    }

    /** The token had last: over how many entries of which year, and the time that it states. */
    public record Last(int year, long size, Instant time) {}

    /**
     * How the queue stands.
     *
     * @param queued heads that wait for a token, one an interval
     * @param oldest beginning of the first interval that has none
     * @param trouble empty while all is well, else one line
     */
    public record State(int queued, Optional<Instant> oldest, Optional<Last> last, String trouble) {}

    /** Tokens lie in {@code folder/YEAR}. */
    public TimeStamper(
            TimeAuthority authority, Path folder, YearLogs logs, Clock clock, Duration interval, Backoff backoff) {
        this.authority = authority;
        this.tokens = new TimeTokens(folder);
        this.logs = logs;
        this.clock = clock;
        this.interval = interval;
        this.backoff = backoff;
        this.distance = backoff.first();
    }

    public void start() {
        timer.execute(() -> {
            try {
                while (!stopped.await(POLL_MS, TimeUnit.MILLISECONDS)) {
                    tick();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Does what is due now: queues the newest heads once an interval, and asks for what waits. */
    void tick() {
        try {
            Instant now = clock.instant();
            if (!now.isBefore(nextInterval)) {
                Instant begun =
                        Instant.ofEpochSecond(now.getEpochSecond() / interval.toSeconds() * interval.toSeconds());
                nextInterval = begun.plus(interval);
                for (Map.Entry<Integer, SealedLog> log : logs.all().entrySet()) {
                    queueNewest(log.getKey(), log.getValue().lastHead(), begun);
                }
            }
            if (!now.isBefore(nextTry)) {
                askForAll(now);
            }
        } catch (EvidenceException | RuntimeException e) {
            trouble(e);
        }
    }

    private void queueNewest(int year, Optional<SignedHead> head, Instant begun) throws EvidenceException {
        if (head.isEmpty() || queued.getOrDefault(year, -1L) >= head.get().size()) {
            return;
        }
        boolean waits = tokens.pending().stream()
                .anyMatch(one -> one.year() == year && one.size() == head.get().size());
        if (!waits && tokens.at(year, head.get().size()).isEmpty()) {
            tokens.queue(year, head.get(), begun);
        }
        queued.put(year, head.get().size());
    }

    private void askForAll(Instant now) throws EvidenceException {
        for (TimeTokens.Pending one : tokens.pending()) {
            if (stopped.getCount() == 0) {
                return;
            }
            try {
                stamp(one.year(), tokens.head(one));
                tokens.done(one);
                distance = backoff.first();
            } catch (EvidenceException e) {
                nextTry = now.plus(distance);
                Duration doubled = distance.multipliedBy(2);
                distance = doubled.compareTo(backoff.longest()) > 0 ? backoff.longest() : doubled;
                trouble(e);
                return;
            }
        }
    }

    private void trouble(Exception e) {
        if (trouble.isEmpty() && stopped.getCount() > 0) {
            LOG.warn("event=time-stamp-failed reason=\"{}\"", e.getMessage());
        }
        trouble = String.valueOf(e.getMessage());
    }

    /** How the queue stands. */
    public State state() throws EvidenceException {
        List<TimeTokens.Pending> waiting = tokens.pending();
        return new State(
                waiting.size(),
                waiting.stream().map(TimeTokens.Pending::interval).findFirst(),
                last,
                trouble);
    }

    public List<X509Certificate> chain() {
        return authority.chain();
    }

    /** Empty while all is well, else one line. */
    public String trouble() {
        return trouble;
    }

    /** The token of a head: the one kept, or a new one. */
    public synchronized Stamped stamp(int year, SignedHead head) throws EvidenceException {
        Optional<Stamped> kept = tokens.at(year, head.size());
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
            byte[] answer = authority.ask(request);
            TimeToken token = TimeToken.verify(
                    request, answer, checkpoint, chain(), authority.url().toString());
            Stamped stamped = new Stamped(head, checkpoint, request, answer, chain());
            tokens.keep(year, stamped);
            last = Optional.of(new Last(year, head.size(), token.time()));
            trouble = "";
            return stamped;
        } catch (IOException e) {
            throw new EvidenceException("the time token was not kept: " + e.getMessage(), e);
        } catch (BrokenPackException e) {
            throw new EvidenceException("the time-stamp authority's answer is no good: " + e.getMessage(), e);
        }
    }

    /** The head of exactly that size, where one was stamped. */
    public synchronized Optional<Stamped> at(int year, long size) throws EvidenceException {
        return tokens.at(year, size);
    }

    /** The newest head that has a token. */
    public synchronized Optional<Stamped> latest(int year) throws EvidenceException {
        return tokens.latest(year);
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
        stopped.countDown();
        timer.shutdownNow();
    }
}
