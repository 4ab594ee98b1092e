package dev.keyproof.launcher.demo;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/**
 * An RFC 3161 authority for demonstrations, with a root of its own. Its word is worth nothing outside of them, and its name says so.
 */
public final class DemoAuthority {
    private static final String ROOT = "CN=Keyproof DEMO Time-Stamp Root (worth nothing), O=Keyproof DEMO";
    private static final String NAME = "CN=Keyproof DEMO Time-Stamp Authority (worth nothing), O=Keyproof DEMO";
    // An arc under 2.25 belongs to whoever made the UUID.
    private static final ASN1ObjectIdentifier POLICY =
            new ASN1ObjectIdentifier("2.25.329800735698586629295641978511506172918");
    private static final Duration LIFE = Duration.ofDays(3653);

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final InstantSource clock;
    private final SecureRandom random;

    private DemoAuthority(PrivateKey key, List<X509Certificate> chain, InstantSource clock, SecureRandom random) {
        this.key = key;
        this.chain = chain;
        this.clock = clock;
        this.random = random;
    }

    /** The authority's certificate first, its root last. */
    public static Path chainFile(Path folder) {
        return folder.resolve("chain.pem");
    }

    /** Opens the authority whose keys lie in the folder; makes them when there are none. */
    static DemoAuthority open(Path folder, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Path keyFile = folder.resolve("authority.pk8");
        if (Files.notExists(chainFile(folder))) {
            make(folder, keyFile, clock.instant(), random);
        }
        PrivateKey key =
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(keyFile)));
        List<X509Certificate> chain = new ArrayList<>();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        try (PEMParser pem = new PEMParser(new StringReader(Files.readString(chainFile(folder))))) {
            for (Object object = pem.readObject(); object != null; object = pem.readObject()) {
                chain.add(converter.getCertificate((X509CertificateHolder) object));
            }
        }
        return new DemoAuthority(key, List.copyOf(chain), clock, random);
    }

    private static void make(Path folder, Path keyFile, Instant now, SecureRandom random)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair root = generator.generateKeyPair();
        KeyPair authority = generator.generateKeyPair();
        X509Certificate rootCertificate = certificate(ROOT, root, ROOT, root, now, random, true);
        X509Certificate certificate = certificate(NAME, authority, ROOT, root, now, random, false);
        Files.write(keyFile, authority.getPrivate().getEncoded());
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(certificate);
            pem.writeObject(rootCertificate);
        }
        // The chain comes last: who finds it finds the key as well. The root's key is not kept.
        Path part = folder.resolve("chain.part");
        Files.writeString(part, text.toString());
        Files.move(part, chainFile(folder));
    }

    private static X509Certificate certificate(
            String subject,
            KeyPair keys,
            String issuer,
            KeyPair issuerKeys,
            Instant now,
            SecureRandom random,
            boolean root)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                new BigInteger(120, random),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(LIFE)),
                new X500Name(subject),
                keys.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(root));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(root ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
        if (!root) {
            // RFC 3161, 2.3: this usage alone, and critical.
            builder.addExtension(
                    Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    /** Answers a request, both in DER. */
    byte[] answer(byte[] request)
            throws IOException, TSPException, OperatorCreationException, GeneralSecurityException {
        TimeStampRequest wanted = new TimeStampRequest(request);
        DigestCalculator digests = new JcaDigestCalculatorProviderBuilder()
                .build()
                .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
        TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", key, chain.getFirst()),
                digests,
                POLICY);
        tokens.addCertificates(new JcaCertStore(chain));
        tokens.setAccuracySeconds(1);
        TimeStampResponse response = new TimeStampResponseGenerator(
                        tokens, Set.of(TSPAlgorithms.SHA256, TSPAlgorithms.SHA384, TSPAlgorithms.SHA512))
                .generate(wanted, new BigInteger(63, random), Date.from(clock.instant()));
        return response.getEncoded();
    }
}
