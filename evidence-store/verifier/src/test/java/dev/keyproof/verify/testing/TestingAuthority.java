package dev.keyproof.verify.testing;

import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Role;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root and a leaf under it, keys in memory. */
public final class TestingAuthority implements PackWriter.Signer {
    private final KeyPair root;
    private final KeyPair leaf;
    private final List<X509Certificate> chain;

    private TestingAuthority(KeyPair root, KeyPair leaf, List<X509Certificate> chain) {
        this.root = root;
        this.leaf = leaf;
        this.chain = chain;
    }

    /** Somebody who signs packs. */
    public static TestingAuthority signer(String name) {
        return signer(name, yesterday(), yesterday().plus(366, ChronoUnit.DAYS));
    }

    /** Somebody who signs packs in this time only. */
    public static TestingAuthority signer(String name, Instant from, Instant to) {
        return make(name, List.of(Role.PACK), false, from, to);
    }

    /** Somebody with these roles. */
    public static TestingAuthority of(String name, List<Role> roles) {
        return make(name, roles, false, yesterday(), yesterday().plus(366, ChronoUnit.DAYS));
    }

    /** Somebody who stamps times. */
    public static TestingAuthority timeStamper(String name) {
        return timeStamper(name, yesterday(), yesterday().plus(366, ChronoUnit.DAYS));
    }

    /** Somebody whose certificates are valid in this time only. */
    public static TestingAuthority timeStamper(String name, Instant from, Instant to) {
        return make(name, List.of(), true, from, to);
    }

    private static Instant yesterday() {
        return Instant.now().minus(1, ChronoUnit.DAYS);
    }

    private static TestingAuthority make(
            String name, List<Role> roles, boolean timeStamping, Instant from, Instant to) {
        try {
            KeyPair root = keyPair();
            KeyPair leaf = keyPair();
            X500Name rootName = new X500Name("CN=" + name + " root");
            X509v3CertificateBuilder authority = builder(rootName, rootName, root, from, to)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            X509v3CertificateBuilder end = builder(rootName, new X500Name("CN=" + name), leaf, from, to)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            addPolicies(end, roles);
            if (timeStamping) {
                end.addExtension(
                        Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            }
            return new TestingAuthority(root, leaf, List.of(signed(end, root), signed(authority, root)));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addPolicies(X509v3CertificateBuilder end, List<Role> roles) throws CertIOException {
        if (!roles.isEmpty()) {
            end.addExtension(
                    Extension.certificatePolicies,
                    false,
                    new CertificatePolicies(roles.stream()
                            .map(role -> new PolicyInformation(new ASN1ObjectIdentifier(role.policy())))
                            .toArray(PolicyInformation[]::new)));
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair key, Instant from, Instant to) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(63, new SecureRandom()),
                Date.from(from),
                Date.from(to),
                subject,
                key.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair issuer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    }

    /** A chain for another key under the same root. */
    public List<X509Certificate> chainOf(String name, KeyPair key, Role... roles) {
        try {
            X500Name issuer = new X500Name(root().getSubjectX500Principal().getName());
            X509v3CertificateBuilder end = builder(
                            issuer,
                            new X500Name("CN=" + name),
                            key,
                            root().getNotBefore().toInstant(),
                            root().getNotAfter().toInstant())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            addPolicies(end, List.of(roles));
            return List.of(signed(end, root), root());
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The root's list of revoked certificates, in force for weeks around today. */
    public X509CRL crl() {
        return crl(Map.of());
    }

    /** The same with these certificates on it, each with the time of its revocation. */
    public X509CRL crl(Map<X509Certificate, Instant> revoked) {
        return crl(
                Instant.now().minus(40, ChronoUnit.DAYS),
                Instant.now().plus(40, ChronoUnit.DAYS),
                revoked,
                CRLReason.keyCompromise);
    }

    /** A list from one time to another of certificates revoked for one reason. */
    public X509CRL crl(Instant from, Instant to, Map<X509Certificate, Instant> revoked, int reason) {
        return crl(from, to, revoked, reason, root(), root);
    }

    /** A list by whoever may certify nobody. */
    public X509CRL crlByLeaf() {
        return crl(
                Instant.now().minus(1, ChronoUnit.DAYS),
                Instant.now().plus(1, ChronoUnit.DAYS),
                Map.of(),
                CRLReason.unspecified,
                chain.getFirst(),
                leaf);
    }

    private static X509CRL crl(
            Instant from,
            Instant to,
            Map<X509Certificate, Instant> revoked,
            int reason,
            X509Certificate issuer,
            KeyPair key) {
        try {
            X509v2CRLBuilder list = new X509v2CRLBuilder(
                    new X500Name(issuer.getSubjectX500Principal().getName()), Date.from(from));
            list.setNextUpdate(Date.from(to));
            revoked.forEach(
                    (certificate, when) -> list.addCRLEntry(certificate.getSerialNumber(), Date.from(when), reason));
            return new JcaX509CRLConverter()
                    .getCRL(list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new key on P-256. */
    public static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    KeyPair key() {
        return leaf;
    }

    public X509Certificate root() {
        return chain.getLast();
    }

    @Override
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The same keys and root under other certificates. */
    public PackWriter.Signer with(List<X509Certificate> other, KeyPair key) {
        return new TestingAuthority(root, key, other);
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(leaf.getPrivate());
        signature.update(message);
        return signature.sign();
    }
}
