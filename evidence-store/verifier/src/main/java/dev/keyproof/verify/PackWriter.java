package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts a pack together: the files, the manifest over them, both signatures, the zip. Not thread-safe. */
public final class PackWriter {
    private final SortedMap<String, CanonicalZipWriter.Content> files = new TreeMap<>();

    /** Whoever signs packs. */
    public interface Signer {
        /** The signer's certificate first, its self-signed root last. */
        List<X509Certificate> chain();

        /** ECDSA P-256 with SHA-256 over a message, in DER. */
        byte[] sign(byte[] message) throws GeneralSecurityException;
    }

    /** Whoever vouches for the time at which a pack was signed. */
    public interface Stamper {
        /** The authority's certificate first, its self-signed root last. */
        List<X509Certificate> chain();

        /** The RFC 3161 answer over these bytes, its certificate asked for; empty if the authority does not answer. */
        Optional<byte[]> stamp(byte[] content);
    }

    /** Adds a file. */
    public PackWriter add(String name, CanonicalZipWriter.Content content) {
        if (files.putIfAbsent(name, content) != null) {
            throw new IllegalArgumentException("twice in the pack: " + name);
        }
        return this;
    }

    /** Adds a file held in memory. */
    public PackWriter add(String name, byte[] content) {
        return add(name, () -> new java.io.ByteArrayInputStream(content));
    }

    /**
     * Writes the pack; the stream stays open.
     *
     * @param policies the digests of the bundles added under {@code policy/}
     * @param stamper who stamps the signature; empty: the pack is proven only while its signer's certificate is valid
     */
    public void writeTo(
            OutputStream out,
            ObjectNode scope,
            List<Manifest.Log> logs,
            List<String> policies,
            Signer signer,
            Optional<Stamper> stamper)
            throws IOException, GeneralSecurityException {
        if (stamper.isPresent()) {
            add(ManifestTime.CHAIN, pem(stamper.get().chain()));
        }
        add("trust/signer.pem", pem(signer.chain()));
        TreeMap<String, Manifest.FileDigest> digests = new TreeMap<>();
        CanonicalZipWriter zip = new CanonicalZipWriter();
        for (var file : files.entrySet()) {
            digests.put(file.getKey(), digest(file.getValue()));
            zip.add(file.getKey(), file.getValue());
        }
        byte[] manifest = new Manifest(
                        PackForm.current(),
                        scope,
                        logs,
                        policies.stream().sorted().toList(),
                        digests)
                .bytes();
        byte[] cms = EcdsaSignature.canonical(signer.sign(DetachedCms.toBeSigned(manifest)));
        byte[] dsse = EcdsaSignature.canonical(signer.sign(ManifestDsse.toBeSigned(manifest)));
        zip.add(Manifest.NAME, manifest);
        byte[] signed = DetachedCms.encode(manifest, signer.chain(), cms);
        zip.add(Manifest.CMS, signed);
        if (stamper.isPresent()) {
            stamp(signed, stamper.get(), zip);
        }
        zip.add(Manifest.DSSE, ManifestDsse.encode(manifest, signer.chain().getFirst(), dsse));
        zip.writeTo(out);
    }

    private static void stamp(byte[] signed, Stamper stamper, CanonicalZipWriter zip) throws IOException {
        Optional<byte[]> answer = stamper.stamp(signed);
        if (answer.isPresent()) {
            try {
                zip.add(ManifestTime.NAME, ManifestTime.canonical(answer.get(), stamper.chain()));
            } catch (BrokenPackException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private static byte[] pem(List<X509Certificate> chain) {
        return Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII);
    }

    private static Manifest.FileDigest digest(CanonicalZipWriter.Content content) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        try (InputStream in = new DigestInputStream(content.open(), sha256)) {
            long size = in.transferTo(OutputStream.nullOutputStream());
            return new Manifest.FileDigest(size, HexFormat.of().formatHex(sha256.digest()));
        }
    }
}
