package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The time tokens on disk. In a folder a year: {@code SIZE.checkpoint}, {@code SIZE.tsq}, {@code SIZE.pem} (the authority's chain)
 * and, written last, {@code SIZE.tsr}; {@code pending/YEAR-SIZE-SECONDS.pending} is the checkpoint of a head that still wants its
 * token, for the interval that began at that second. One thread at a time may change them.
 */
final class TimeTokens {
    private static final Pattern PENDING = Pattern.compile("([0-9]{4})-([0-9]+)-([0-9]+)\\.pending");

    private final Path folder;

    TimeTokens(Path folder) {
        this.folder = folder;
    }

    /** A head that waits for its token. */
    record Pending(Path file, int year, long size, Instant interval) {}

    /** The head of exactly that size, where it was stamped. */
    Optional<TimeStamper.Stamped> at(int year, long size) throws EvidenceException {
        Path base = year(year);
        try {
            // The answer is written last: with it, all are there.
            if (!Files.exists(base.resolve(size + ".tsr")) || !Files.exists(base.resolve(size + ".pem"))) {
                return Optional.empty();
            }
            byte[] checkpoint = Files.readAllBytes(base.resolve(size + ".checkpoint"));
            return Optional.of(new TimeStamper.Stamped(
                    SignedHead.parse(new String(checkpoint, StandardCharsets.UTF_8)),
                    checkpoint,
                    Files.readAllBytes(base.resolve(size + ".tsq")),
                    Files.readAllBytes(base.resolve(size + ".tsr")),
                    Certificates.parse(Files.readString(base.resolve(size + ".pem")))));
        } catch (IOException | NoteException | CertificateException e) {
            throw new EvidenceException("the time token of size " + size + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The newest head of a year that has a token. */
    Optional<TimeStamper.Stamped> latest(int year) throws EvidenceException {
        Optional<Long> size = names(year(year)).stream()
                .filter(name -> name.matches("[0-9]+\\.tsr"))
                .map(name -> Long.parseLong(name.substring(0, name.length() - 4)))
                .max(Comparator.naturalOrder());
        return size.isPresent() ? at(year, size.get()) : Optional.empty();
    }

    /** Keeps a token; whoever finds its answer finds all of it. */
    void keep(int year, TimeStamper.Stamped stamped) throws IOException {
        Path base = year(year);
        long size = stamped.head().size();
        Files.deleteIfExists(base.resolve(size + ".tsr"));
        DurableFiles.write(base.resolve(size + ".checkpoint"), stamped.checkpoint());
        DurableFiles.write(base.resolve(size + ".tsq"), stamped.request());
        DurableFiles.write(base.resolve(size + ".pem"), ascii(stamped.chain()));
        DurableFiles.write(base.resolve(size + ".tsr"), stamped.answer());
    }

    /** Queues a head. */
    void queue(int year, SignedHead head, Instant interval) throws EvidenceException {
        Path file = queue().resolve(year + "-" + head.size() + "-" + interval.getEpochSecond() + ".pending");
        try {
            DurableFiles.write(file, head.note().bytes());
        } catch (IOException e) {
            throw new EvidenceException("the head of size " + head.size() + " cannot be queued: " + e.getMessage(), e);
        }
    }

    /** What waits, the oldest first. */
    List<Pending> pending() throws EvidenceException {
        List<Pending> all = new ArrayList<>();
        for (String name : names(queue())) {
            Matcher matcher = PENDING.matcher(name);
            if (matcher.matches()) {
                all.add(new Pending(
                        queue().resolve(name),
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Instant.ofEpochSecond(Long.parseLong(matcher.group(3)))));
            }
        }
        all.sort(Comparator.comparing(Pending::interval).thenComparingInt(Pending::year));
        return all;
    }

    /** The head that waits in a file. */
    SignedHead head(Pending pending) throws EvidenceException {
        try {
            return SignedHead.parse(Files.readString(pending.file()));
        } catch (IOException | NoteException e) {
            throw new EvidenceException("the queued head " + pending.file() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** It waits no longer. */
    void done(Pending pending) throws EvidenceException {
        try {
            Files.deleteIfExists(pending.file());
        } catch (IOException e) {
            throw new EvidenceException("the queued head " + pending.file() + " cannot be removed", e);
        }
    }

    private Path queue() {
        return folder.resolve("pending");
    }

    private Path year(int year) {
        return folder.resolve(Integer.toString(year));
    }

    private static List<String> names(Path folder) throws EvidenceException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        } catch (IOException e) {
            throw new EvidenceException("the time tokens in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] ascii(List<X509Certificate> chain) {
        return Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII);
    }
}
