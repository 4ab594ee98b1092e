package dev.keyproof.broker;

import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test, and what it issues. */
public final class TestAuthority {
    private final KeyPair keys;
    private final X509Certificate certificate;
    private final List<X509Certificate> revoked = new ArrayList<>();
    private long serial = 1;

    public TestAuthority(String name) throws Exception {
        this.keys = keyPair();
        this.certificate = certificate(
                "CN=" + name,
                keys,
                keys,
                "CN=" + name,
                Duration.ofDays(1),
                true,
                KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, PrivateKey key) {
        /** A client that shows it and trusts servers of that authority. */
        SSLContext client(TestAuthority servers) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("client", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), servers.trust().getTrustManagers(), null);
            return context;
        }

        /** A server that shows it. */
        SSLContext server() throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        }

        void write(Path certificateFile, Path keyFile) throws Exception {
            pem(certificateFile, certificate);
            pem(keyFile, key);
        }
    }

    /** A client that shows nothing and trusts servers of this authority. */
    SSLContext client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        return context;
    }

    /** Writes a store that trusts this authority. */
    void writeTrust(Path file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public Issued issue(String subject, GeneralName... names) throws Exception {
        return issue(subject, Duration.ofHours(1), names);
    }

    /** With a validity that ends that long from now. */
    Issued issue(String subject, Duration ends, GeneralName... names) throws Exception {
        KeyPair own = keyPair();
        return new Issued(
                certificate(
                        subject,
                        own,
                        keys,
                        certificate.getSubjectX500Principal().getName(),
                        ends,
                        false,
                        KeyUsage.digitalSignature,
                        names),
                own.getPrivate());
    }

    void revoke(X509Certificate one) {
        revoked.add(one);
    }

    /** Writes what was revoked, good until that long from now. */
    void writeCrl(Path file, Duration good) throws Exception {
        Instant now = Instant.now();
        JcaX509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(now.minusSeconds(3600)));
        builder.setNextUpdate(Date.from(now.plus(good)));
        for (X509Certificate one : revoked) {
            builder.addCRLEntry(one.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        pem(fresh, new JcaX509CRLConverter().getCRL(builder.build(signer(keys))));
        Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    static void pem(Path file, Object... objects) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(
                        object instanceof PrivateKey key
                                ? new org.bouncycastle.openssl.PKCS8Generator(
                                        org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(key.getEncoded()), null)
                                : object);
            }
        }
        Files.writeString(file, text.toString());
    }

    private TrustManagerFactory trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        return trust;
    }

    private static KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static ContentSigner signer(KeyPair keys) throws Exception {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    }

    private X509Certificate certificate(
            String subject,
            KeyPair own,
            KeyPair issuer,
            String issuerName,
            Duration ends,
            boolean authority,
            int usage,
            GeneralName... names)
            throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Principal(issuerName),
                BigInteger.valueOf(serial++),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(ends)),
                new X500Principal(subject),
                own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        if (names.length > 0) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(Arrays.copyOf(names, names.length)));
        }
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer(issuer)));
    }
}
