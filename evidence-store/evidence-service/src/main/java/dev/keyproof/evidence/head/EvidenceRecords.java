package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.ArchivedTime;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStamp;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;
import org.bouncycastle.tsp.ers.ERSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence records (RFC 4998), {@code YEAR/SIZE.ers}: each begins with the time token of a stamped head and is renewed by newer
 * tokens, so that the head's time stays provable when its authority's certificate has ended, or its hash is no longer believed.
 * {@code roots.pem} beside them holds the root of every authority that was ever asked. Thread-safe.
 */
public final class EvidenceRecords implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceRecords.class);
    private static final long LOOK_HOURS = 1;

    /** Before the end of a certificate: time enough for an operator to find another authority. */
    private static final Duration AHEAD = Duration.ofDays(30);

    private final TimeAuthority authority;
    private final TimeStamper stamper;
    private final Path folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService timer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("evidence-records").daemon().factory());
    private volatile String trouble = "";

    /** A record with what it is over: the checkpoint of a head of {@code size} entries. */
    public record Kept(long size, byte[] record, byte[] checkpoint, ArchivedTime time) {}

    /** Records lie in {@code folder/YEAR}. */
    public EvidenceRecords(TimeAuthority authority, TimeStamper stamper, Path folder, Clock clock)
            throws EvidenceException {
        this.authority = authority;
        this.stamper = stamper;
        this.folder = folder;
        this.clock = clock;
        rememberRoot();
    }

    /** Looks each hour whether a record must be renewed; {@code years} are those that have a log. */
    public void start(Supplier<? extends Iterable<Integer>> years) {
        timer.execute(() -> {
            try {
                do {
                    lookOnce(years.get());
                } while (!stopped.await(LOOK_HOURS, TimeUnit.HOURS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void lookOnce(Iterable<Integer> years) {
        try {
            int renewed = renewDue(years);
            trouble = "";
            if (renewed > 0) {
                LOG.info("event=evidence-records-renewed count={}", renewed);
            }
        } catch (EvidenceException | RuntimeException e) {
            LOG.warn("event=evidence-records-not-renewed reason=\"{}\"", e.getMessage());
            trouble = String.valueOf(e.getMessage());
        }
    }

    /** Empty while all is well, else one line. */
    public String trouble() {
        return trouble;
    }

    /** The roots of every authority that was ever asked, for the trust file. */
    public synchronized List<X509Certificate> roots() throws EvidenceException {
        Path file = folder.resolve("roots.pem");
        try {
            return Files.exists(file) ? Certificates.parse(Files.readString(file)) : List.of();
        } catch (IOException | CertificateException e) {
            throw new EvidenceException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void rememberRoot() throws EvidenceException {
        List<X509Certificate> roots = new ArrayList<>(roots());
        X509Certificate root = authority.chain().getLast();
        if (!roots.contains(root)) {
            roots.add(root);
            try {
                DurableFiles.write(
                        folder.resolve("roots.pem"), Certificates.pem(roots).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new EvidenceException("the authority's root was not kept: " + e.getMessage(), e);
            }
        }
    }

    /** The record over the largest head of a year that has no more than {@code size} entries. */
    public synchronized Optional<Kept> upTo(int year, long size) throws EvidenceException {
        Long largest = sizes(year).floorKey(size);
        return largest == null ? Optional.empty() : Optional.of(read(year, largest));
    }

    /**
     * Begins a record over the newest stamped head of a year, if there is none, and renews all records of the year.
     *
     * @param hash renews the hash tree with this hash; without it, the time stamp alone
     * @return the year's records, smallest head first
     */
    public synchronized List<Kept> renew(int year, Optional<RenewalHash> hash) throws EvidenceException {
        TimeStamper.Stamped newest = stamper.latest(year)
                .orElseThrow(() -> new EvidenceException("no head of " + year + " was ever time-stamped"));
        begin(year, newest);
        List<Kept> renewed = new ArrayList<>();
        for (long size : sizes(year).keySet()) {
            renewed.add(renew(year, read(year, size), hash));
        }
        return renewed;
    }

    /** Renews what would otherwise end within a month; returns how many records were. */
    public synchronized int renewDue(Iterable<Integer> years) throws EvidenceException {
        Instant soon = clock.instant().plus(AHEAD);
        int renewed = 0;
        for (int year : years) {
            Optional<TimeStamper.Stamped> newest = stamper.latest(year);
            if (newest.isPresent() && ends(newest.get().chain()).isBefore(soon)) {
                begin(year, newest.get());
            }
            for (long size : sizes(year).keySet()) {
                Kept kept = read(year, size);
                if (kept.time().until().isBefore(soon)) {
                    if (!ends(authority.chain()).isAfter(kept.time().until())) {
                        throw new EvidenceException("the time-stamp authority's certificate ends at "
                                + kept.time().until() + ": configure one that outlasts it under tsa");
                    }
                    renew(year, kept, Optional.empty());
                    renewed++;
                }
            }
        }
        return renewed;
    }

    private static Instant ends(List<X509Certificate> chain) {
        return chain.getFirst().getNotAfter().toInstant();
    }

    private void begin(int year, TimeStamper.Stamped stamped) throws EvidenceException {
        if (sizes(year).containsKey(stamped.head().size())) {
            return;
        }
        try {
            DigestCalculatorProvider digests = digests();
            // The token is over the checkpoint's own digest, so it is an archive time stamp as it is.
            ERSEvidenceRecord record = new ERSEvidenceRecordGenerator(digests)
                    .generate(ERSArchiveTimeStamp.fromTimeStampToken(
                            new TimeStampResponse(stamped.answer()).getTimeStampToken(), digests));
            keep(year, stamped.head().size(), stamped.checkpoint(), record);
        } catch (TSPException | ERSException | IOException | OperatorCreationException e) {
            throw new EvidenceException("the evidence record was not begun: " + e.getMessage(), e);
        }
    }

    private Kept renew(int year, Kept kept, Optional<RenewalHash> hash) throws EvidenceException {
        try {
            DigestCalculatorProvider digests = digests();
            ERSEvidenceRecord record = new ERSEvidenceRecord(kept.record(), digests);
            TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
            requests.setCertReq(true);
            BigInteger nonce = new BigInteger(63, random);
            ERSEvidenceRecord renewed;
            if (hash.isPresent()) {
                DigestCalculator digest = digests.get(hash.get().algorithm());
                ERSByteData data = new ERSByteData(kept.checkpoint());
                TimeStampRequest request = record.generateHashRenewalRequest(digest, data, requests, nonce);
                renewed = record.renewHash(digest, data, answer(request));
            } else {
                renewed = record.renewTimeStamp(answer(record.generateTimeStampRenewalRequest(requests, nonce)));
            }
            keep(year, kept.size(), kept.checkpoint(), renewed);
            return read(year, kept.size());
        } catch (TSPException | ERSException | IOException | OperatorCreationException e) {
            throw new EvidenceException("the evidence record was not renewed: " + e.getMessage(), e);
        }
    }

    private TimeStampResponse answer(TimeStampRequest request) throws EvidenceException, TSPException, IOException {
        TimeStampResponse response = new TimeStampResponse(authority.ask(request.getEncoded()));
        response.validate(request);
        return response;
    }

    /** Nothing is replaced by what would not verify. */
    private void keep(int year, long size, byte[] checkpoint, ERSEvidenceRecord record)
            throws EvidenceException, IOException {
        byte[] encoded = record.toASN1Structure().getEncoded("DER");
        verify(encoded, checkpoint, size);
        DurableFiles.write(folder.resolve(year + "/" + size + ".checkpoint"), checkpoint);
        DurableFiles.write(folder.resolve(year + "/" + size + ".ers"), encoded);
    }

    private Kept read(int year, long size) throws EvidenceException {
        try {
            byte[] record = Files.readAllBytes(folder.resolve(year + "/" + size + ".ers"));
            byte[] checkpoint = Files.readAllBytes(folder.resolve(year + "/" + size + ".checkpoint"));
            return new Kept(size, record, checkpoint, verify(record, checkpoint, size));
        } catch (IOException e) {
            throw new EvidenceException(
                    "the evidence record of size " + size + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ArchivedTime verify(byte[] record, byte[] checkpoint, long size) throws EvidenceException {
        try {
            return ArchivedTime.verify(record, checkpoint, roots(), size + ".ers");
        } catch (BrokenPackException e) {
            throw new EvidenceException("the evidence record is no good: " + e.getMessage(), e);
        }
    }

    private NavigableMap<Long, Path> sizes(int year) throws EvidenceException {
        TreeMap<Long, Path> sizes = new TreeMap<>();
        Path own = folder.resolve(Integer.toString(year));
        if (!Files.isDirectory(own)) {
            return sizes;
        }
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("[0-9]+\\.ers")) {
                    sizes.put(Long.parseLong(name.substring(0, name.length() - 4)), file);
                }
            }
            return sizes;
        } catch (IOException e) {
            throw new EvidenceException("the evidence records in " + own + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        timer.shutdownNow();
    }

    private static DigestCalculatorProvider digests() throws OperatorCreationException {
        return new JcaDigestCalculatorProviderBuilder().build();
    }
}
