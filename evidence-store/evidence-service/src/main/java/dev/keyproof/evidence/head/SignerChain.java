package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.verify.Certificates;
import dev.keyproof.verify.Role;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * The certificates of a signer, of packs or of checkpoints: its own, and the self-signed root that issued it. Made once by keys that
 * never leave the token; kept in a file, which holds nothing secret.
 */
final class SignerChain {
    /** As long as packs are likely to be verified; a pack's time token then says when it was. */
    private static final int YEARS = 10;

    private final Token token;
    private final KeyHandle root;
    private final KeyHandle signer;
    private final Role role;

    SignerChain(Token token, KeyHandle root, KeyHandle signer, Role role) {
        this.role = role;
        this.token = token;
        this.root = root;
        this.signer = signer;
    }

    /** The pack signer's chain in the file, made and written there if it is missing. Leaf first. */
    List<X509Certificate> load(Path file, String name, Instant now) throws EvidenceException {
        List<X509Certificate> chain = kept(file);
        if (chain.isEmpty()) {
            return keep(file, make(name, now));
        }
        if (chain.size() != 2 || !isOfSigner(chain.getFirst())) {
            throw new EvidenceException(file + " does not certify the pack key of this token;"
                    + " restore the token's own folder, or move the file away to have it made again");
        }
        // A certificate from before roles were told apart: the same root gives the same key another.
        return role.isOf(chain.getFirst()) ? chain : issued(chain.getLast(), file, name, now);
    }

    /** The chain of a signer of checkpoints under a root that is there; made if the file has none that fits. */
    List<X509Certificate> under(X509Certificate authority, Path file, String name, Instant now)
            throws EvidenceException {
        List<X509Certificate> chain = kept(file);
        return chain.size() == 2
                        && isOfSigner(chain.getFirst())
                        && chain.getLast().equals(authority)
                        && role.isOf(chain.getFirst())
                ? chain
                : issued(authority, file, name, now);
    }

    private List<X509Certificate> issued(X509Certificate authority, Path file, String name, Instant now)
            throws EvidenceException {
        try {
            X500Name issuer =
                    X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
            return keep(
                    file,
                    List.of(signed(leaf(issuer, subject(name), authority.getPublicKey(), validity(now))), authority));
        } catch (IOException | TokenException | GeneralSecurityException e) {
            throw new EvidenceException("the signer's certificate cannot be made: " + e.getMessage(), e);
        }
    }

    private X500Name subject(String name) {
        return new X500Name("O=Keyproof,CN=Keyproof " + (role == Role.PACK ? "pack" : "log") + " signer " + name);
    }

    private boolean isOfSigner(X509Certificate certificate) throws EvidenceException {
        try {
            return Arrays.equals(
                    certificate.getPublicKey().getEncoded(),
                    token.publicKey(signer).getEncoded());
        } catch (TokenException e) {
            throw new EvidenceException("the signer's public key cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> kept(Path file) throws EvidenceException {
        try {
            return Files.exists(file) ? Certificates.parse(Files.readString(file)) : List.of();
        } catch (IOException | CertificateException e) {
            throw new EvidenceException("the certificates in " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> keep(Path file, List<X509Certificate> chain) throws EvidenceException {
        try {
            DurableFiles.write(file, Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII));
            return chain;
        } catch (IOException e) {
            throw new EvidenceException("the certificates cannot be kept in " + file + ": " + e.getMessage(), e);
        }
    }

    private record Validity(Date from, Date to) {}

    private static Validity validity(Instant now) {
        return new Validity(
                Date.from(now.minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS)),
                Date.from(now.plus(YEARS * 365L, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS)));
    }

    private List<X509Certificate> make(String name, Instant now) throws EvidenceException {
        try {
            PublicKey rootKey = token.publicKey(root);
            X500Name rootName = new X500Name("O=Keyproof,CN=Keyproof evidence root " + name);
            Validity validity = validity(now);
            X509v3CertificateBuilder authority = new JcaX509v3CertificateBuilder(
                            rootName, serial(), validity.from, validity.to, rootName, rootKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(rootKey));
            return List.of(signed(leaf(rootName, subject(name), rootKey, validity)), signed(authority));
        } catch (IOException | TokenException | GeneralSecurityException e) {
            throw new EvidenceException("the pack signer's certificates cannot be made: " + e.getMessage(), e);
        }
    }

    private X509v3CertificateBuilder leaf(X500Name issuer, X500Name subject, PublicKey rootKey, Validity validity)
            throws IOException, TokenException, GeneralSecurityException {
        JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
        PublicKey key = token.publicKey(signer);
        return new JcaX509v3CertificateBuilder(issuer, serial(), validity.from, validity.to, subject, key)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(
                        Extension.certificatePolicies,
                        false,
                        new CertificatePolicies(new PolicyInformation(new ASN1ObjectIdentifier(role.policy()))))
                .addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key))
                .addExtension(Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(rootKey));
    }

    private X509Certificate signed(X509v3CertificateBuilder builder) throws CertificateException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(new RootSigner(token, root)));
    }

    private BigInteger serial() throws TokenException {
        byte[] random = token.random(16);
        random[0] &= 0x7f;
        return new BigInteger(1, random).add(BigInteger.ONE);
    }
}
