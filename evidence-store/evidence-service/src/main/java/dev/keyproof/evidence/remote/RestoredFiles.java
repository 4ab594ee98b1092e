package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.TimeToken;
import dev.keyproof.verify.TrustFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies beside the logs, each file only as far as it proves itself: by its digest, its root, or its time token. */
final class RestoredFiles {
    private static final Pattern TOKEN = Pattern.compile("evidence/time/([0-9]{4})/([1-9][0-9]{0,17})\\.tsr");
    private static final Pattern ARTIFACT =
            Pattern.compile("artifacts/(policy|remains|[0-9a-f]{2})/([0-9a-f]{64})(\\.tar\\.gz)?");
    private static final String CHECKPOINT = "checkpoint";

    private final Bucket bucket;
    private final TrustFile trust;
    private final Path home;
    private final Map<Integer, Long> sizes;
    private int count;

    /** {@code sizes} are those of the logs that were restored, by year. */
    RestoredFiles(Bucket bucket, TrustFile trust, Path home, Map<Integer, Long> sizes) {
        this.sizes = Map.copyOf(sizes);
        this.bucket = bucket;
        this.trust = trust;
        this.home = home;
    }

    /** Returns how many files were made. */
    int run() throws EvidenceException, IOException {
        for (Bucket.Version version : all(Layout.ARTIFACTS)) {
            artifact(version);
        }
        for (Bucket.Version version : all(Layout.EVIDENCE)) {
            String name = version.key().substring(Layout.EVIDENCE.length());
            if (CopiedFiles.CERTIFICATES.test(name)) {
                byte[] content = bucket.get(version).content();
                if (leadsTo(content, trust.signers())) {
                    keep(version.key(), content);
                }
                continue;
            }
            Matcher token = TOKEN.matcher(version.key());
            // Of a head that was signed later than the last that was copied there may be a token, but here is no such
            // head.
            if (token.matches()
                    && Long.parseLong(token.group(2)) <= sizes.getOrDefault(Integer.parseInt(token.group(1)), 0L)) {
                token(version);
            }
        }
        return count;
    }

    private List<Bucket.Version> all(String prefix) throws EvidenceException {
        List<Bucket.Version> all = new ArrayList<>();
        bucket.versions(prefix, all::add);
        // The newest last, so that it stays.
        return all.reversed();
    }

    private void artifact(Bucket.Version version) throws EvidenceException, IOException {
        Matcher path = ARTIFACT.matcher(version.key());
        if (path.matches()) {
            byte[] content = bucket.get(version).content();
            if (sha256(content).equals(path.group(2))) {
                keep(version.key(), content);
            }
        }
    }

    private void token(Bucket.Version version) throws EvidenceException, IOException {
        String base = version.key().substring(0, version.key().length() - "tsr".length());
        Optional<Bucket.Stored> checkpoint = first(base + CHECKPOINT);
        Optional<Bucket.Stored> request = first(base + "tsq");
        Optional<Bucket.Stored> pem = first(base + "pem");
        if (checkpoint.isEmpty() || request.isEmpty() || pem.isEmpty()) {
            return;
        }
        byte[] answer = bucket.get(version).content();
        byte[] chain = pem.get().content();
        try {
            if (leadsTo(chain, trust.timeStampers())) {
                TimeToken.verify(
                        request.get().content(),
                        answer,
                        checkpoint.get().content(),
                        certificates(chain),
                        version.key());
                keep(base + CHECKPOINT, checkpoint.get().content());
                keep(base + "tsq", request.get().content());
                keep(base + "pem", chain);
                keep(version.key(), answer);
            }
        } catch (BrokenPackException | CertificateException e) {
            // It proves nothing, and so it is left where it is.
            return;
        }
    }

    /** As it was put first: what came later may be somebody else's. */
    private Optional<Bucket.Stored> first(String key) throws EvidenceException {
        List<Bucket.Version> versions = bucket.versionsOf(key);
        return versions.isEmpty() ? Optional.empty() : Optional.of(bucket.get(versions.getLast()));
    }

    private static boolean leadsTo(byte[] pem, List<X509Certificate> roots) {
        try {
            List<X509Certificate> chain = certificates(pem);
            for (int i = 0; i + 1 < chain.size(); i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            }
            return !chain.isEmpty() && roots.contains(chain.getLast());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        return Certificates.parse(new String(pem, StandardCharsets.US_ASCII));
    }

    private void keep(String key, byte[] content) throws IOException {
        DurableFiles.write(home.resolve(key), content);
        count++;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
