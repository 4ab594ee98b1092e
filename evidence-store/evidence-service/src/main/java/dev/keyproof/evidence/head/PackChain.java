package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.verify.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * The certificates of the pack signer: its own, and the self-signed root that issued it. Made once by keys that never leave the
 * token; kept in a file, which holds nothing secret.
 */
final class PackChain {
    /** As long as packs are likely to be verified; a pack's time token then says when it was. */
    private static final int YEARS = 10;

    private final Token token;
    private final KeyHandle root;
    private final KeyHandle pack;

    PackChain(Token token, KeyHandle root, KeyHandle pack) {
        this.token = token;
        this.root = root;
        this.pack = pack;
    }

    /** The chain in the file, made and written there if it is missing. Leaf first. */
    List<X509Certificate> load(Path file, String name, Instant now) throws EvidenceException {
        try {
            if (Files.exists(file)) {
                List<X509Certificate> chain = Certificates.parse(Files.readString(file));
                if (chain.size() != 2
                        || !Arrays.equals(
                                chain.getFirst().getPublicKey().getEncoded(),
                                token.publicKey(pack).getEncoded())) {
                    throw new EvidenceException(file + " does not certify the pack key of this token;"
                            + " restore the token's own folder, or move the file away to have it made again");
                }
                return chain;
            }
            List<X509Certificate> chain = make(name, now);
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, Certificates.pem(chain), StandardCharsets.US_ASCII);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return chain;
        } catch (IOException | CertificateException | TokenException e) {
            throw new EvidenceException("the pack signer's certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private List<X509Certificate> make(String name, Instant now) throws EvidenceException {
        try {
            PublicKey rootKey = token.publicKey(root);
            PublicKey packKey = token.publicKey(pack);
            X500Name rootName = new X500Name("O=Keyproof,CN=Keyproof evidence root " + name);
            X500Name packName = new X500Name("O=Keyproof,CN=Keyproof pack signer " + name);
            Date from = Date.from(now.minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS));
            Date to = Date.from(now.plus(YEARS * 365L, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder authority = new JcaX509v3CertificateBuilder(
                            rootName, serial(), from, to, rootName, rootKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                    .addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(rootKey));
            X509v3CertificateBuilder leaf = new JcaX509v3CertificateBuilder(
                            rootName, serial(), from, to, packName, packKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(packKey))
                    .addExtension(Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(rootKey));
            return List.of(signed(leaf), signed(authority));
        } catch (Exception e) {
            throw new EvidenceException("the pack signer's certificates cannot be made: " + e.getMessage(), e);
        }
    }

    private X509Certificate signed(X509v3CertificateBuilder builder) throws CertificateException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(new RootSigner()));
    }

    private BigInteger serial() throws TokenException {
        byte[] random = token.random(16);
        random[0] &= 0x7f;
        return new BigInteger(1, random).add(BigInteger.ONE);
    }

    /** Lets the token sign what Bouncy Castle builds. */
    private final class RootSigner implements ContentSigner {
        private final ByteArrayOutputStream toBeSigned = new ByteArrayOutputStream();

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return toBeSigned;
        }

        @Override
        public byte[] getSignature() {
            try {
                return token.sign(root, SignatureAlgorithm.ECDSA_SHA256, toBeSigned.toByteArray());
            } catch (TokenException e) {
                throw new IllegalStateException("the token did not sign the certificate", e);
            }
        }
    }
}
