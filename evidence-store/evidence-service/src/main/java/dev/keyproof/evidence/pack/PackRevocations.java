package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.head.RevocationLists;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.Crls;
import dev.keyproof.verify.PackWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;

/** The revocation lists of packs, beside the chains that they are about. Thread-safe. */
final class PackRevocations {
    private final RevocationLists lists;
    private final Clock clock;

    PackRevocations(RevocationLists lists, Clock clock) {
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Which lists a pack holds.
     *
     * @param files their names
     * @param logSigner whether one of them names who signed the CMS copies of the checkpoints
     */
    record Added(Set<String> files, boolean logSigner) {
        /** Whether the list for the certificate at the beginning of a chain is there. */
        boolean covers(String chain) {
            return files.contains(Crls.beside(chain));
        }
    }

    /** Adds the lists that somebody asks of, in force when the newest of these heads was stamped or now, whichever is later. */
    final class Adding {
        private final Instant now;
        private final PackWriter pack;
        private final Set<String> files = new TreeSet<>();
        private final List<X509CRL> all = new ArrayList<>();

        private Adding(PackWriter pack, Instant now) {
            this.pack = pack;
            this.now = now;
        }

        /** Those of a chain's authorities; none if there are none. */
        Adding beside(String file, List<X509Certificate> chain) throws EvidenceException {
            List<X509CRL> found = lists.of(chain, now);
            String name = Crls.beside(file);
            if (!found.isEmpty() && files.add(name)) {
                pack.add(name, Crls.pem(found).getBytes(StandardCharsets.US_ASCII));
                all.addAll(found);
            }
            return this;
        }

        /** All that were added; {@code logSigner} certifies who signed the CMS copies. */
        Added added(X509Certificate logSigner) {
            return new Added(Set.copyOf(files), all.stream().anyMatch(list -> list.isRevoked(logSigner)));
        }
    }

    Adding to(PackWriter pack, Collection<PackHeads.Head> heads) throws EvidenceException {
        Instant now = clock.instant();
        for (PackHeads.Head head : heads) {
            TimeStamper.Stamped stamped = head.stamped();
            if (stamped != null && time(stamped).isAfter(now)) {
                now = time(stamped);
            }
        }
        return new Adding(pack, now);
    }

    private static Instant time(TimeStamper.Stamped stamped) throws EvidenceException {
        try {
            return new TimeStampResponse(stamped.answer())
                    .getTimeStampToken()
                    .getTimeStampInfo()
                    .getGenTime()
                    .toInstant();
        } catch (TSPException | IOException e) {
            throw new EvidenceException("a time token that was kept cannot be read: " + e.getMessage(), e);
        }
    }
}
