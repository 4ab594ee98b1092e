package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.Crls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** Revocation lists for the chains in a pack: our own root's, and those that somebody fetches for the time-stamp authority's. Thread-safe. */
public final class RevocationLists {
    private final RevokedSigners own;
    private final Optional<Path> authority;

    /**
     * @param root of our signers
     * @param signing knows whose keys were lost
     * @param file where our own list is kept
     * @param authority a file of lists in PEM, read each time; none: nobody fetches any
     */
    public RevocationLists(
            SealToken keys,
            X509Certificate root,
            CheckpointCms cms,
            LogSigners signing,
            Path file,
            Optional<Path> authority) {
        this.own = new RevokedSigners(keys, root, cms, signing, file);
        this.authority = authority;
    }

    /** Those in force at a time that authorities of the chain issued. */
    public List<X509CRL> of(List<X509Certificate> chain, Instant now) throws EvidenceException {
        if (chain.getLast().equals(own.root())) {
            return own.at(now).stream().toList();
        }
        List<X509CRL> lists = new ArrayList<>();
        for (X509CRL list : fetched()) {
            if (isInForce(list, now)
                    && chain.stream().skip(1).anyMatch(issuer -> Crls.isOf(list, issuer))
                    && !list.hasUnsupportedCriticalExtension()) {
                lists.add(list);
            }
        }
        return lists;
    }

    private static boolean isInForce(X509CRL list, Instant now) {
        Date next = list.getNextUpdate();
        return next != null
                && now.isBefore(next.toInstant())
                && !now.isBefore(list.getThisUpdate().toInstant());
    }

    private List<X509CRL> fetched() throws EvidenceException {
        if (authority.isEmpty()) {
            return List.of();
        }
        try {
            return Crls.parse(Files.readString(authority.get(), StandardCharsets.ISO_8859_1));
        } catch (IOException | CRLException e) {
            throw new EvidenceException("tsa.crls " + authority.get() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
