package dev.keyproof.pkcs11;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

/** The self-signed certificates that carry the public keys, signed inside the token. */
final class Certificates {
    /** RFC 5280's date for "no well-defined end": the key's life is the broker's affair, not this certificate's. */
    private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant NO_BEGINNING = Instant.parse("2020-01-01T00:00:00Z");

    private Certificates() {}

    static void selfSigned(
            Cryptoki cryptoki,
            long session,
            long privateKey,
            KeySpec spec,
            byte[] id,
            String label,
            SubjectPublicKeyInfo publicKey)
            throws TokenException {
        byte[] random = new byte[16];
        cryptoki.random(session, random);
        BigInteger serial = new BigInteger(1, random).add(BigInteger.ONE);
        X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, label).build();
        TokenSigner signer = new TokenSigner(cryptoki, session, privateKey, spec);
        try {
            byte[] encoded = new X509v3CertificateBuilder(
                            name, serial, Date.from(NO_BEGINNING), Date.from(NO_END), name, publicKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .build(signer)
                    .getEncoded();
            TokenException failure = signer.failure;
            if (failure != null) {
                throw failure;
            }
            cryptoki.createObject(
                    session,
                    new Template()
                            .number(Ck.CLASS, Ck.CERTIFICATE)
                            .number(Ck.CERTIFICATE_TYPE, 0)
                            .flag(Ck.ON_TOKEN, true)
                            .flag(Ck.PRIVATE, false)
                            .bytes(Ck.ID, id)
                            .text(Ck.LABEL, label)
                            .bytes(Ck.SUBJECT, name.getEncoded())
                            .bytes(Ck.ISSUER, name.getEncoded())
                            .bytes(Ck.SERIAL_NUMBER, new ASN1Integer(serial).getEncoded())
                            .bytes(Ck.VALUE, encoded)
                            .flag(Ck.MODIFIABLE, false));
        } catch (IOException e) {
            throw new TokenException("The certificate of a fresh key cannot be encoded.", e);
        }
    }

    /** The certificate with this CKA_ID, or null. */
    static @Nullable X509Certificate read(Cryptoki cryptoki, long session, byte[] id) throws TokenException {
        Long object = TokenObjects.certificate(cryptoki, session, id);
        if (object == null) {
            return null;
        }
        byte[] value = cryptoki.attributes(session, object, Ck.VALUE).get(Ck.VALUE);
        return value == null ? null : parse(value);
    }

    private static X509Certificate parse(byte[] encoded) throws TokenException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new TokenException("A certificate in the token cannot be read.", e);
        }
    }

    /** Signs what the builder hands over. Its interface allows no checked exception, so a failure is kept and told after. */
    private static final class TokenSigner implements ContentSigner {
        private final Cryptoki cryptoki;
        private final long session;
        private final long key;
        private final KeySpec spec;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private @Nullable TokenException failure;

        TokenSigner(Cryptoki cryptoki, long session, long key, KeySpec spec) {
            this.cryptoki = cryptoki;
            this.session = session;
            this.key = key;
            this.spec = spec;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            if (spec.isRsa()) {
                return new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
            }
            return new AlgorithmIdentifier(
                    switch (spec) {
                        case EC_P256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
                        case EC_P384 -> X9ObjectIdentifiers.ecdsa_with_SHA384;
                        case EC_P521 -> X9ObjectIdentifiers.ecdsa_with_SHA512;
                        default -> EdECObjectIdentifiers.id_Ed25519;
                    });
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            try {
                SignatureAlgorithm algorithm =
                        spec.isRsa() ? SignatureAlgorithm.RSA_PKCS1_SHA256 : SignatureAlgorithm.usual(spec);
                return NativeSigning.sign(cryptoki, session, key, algorithm, content.toByteArray());
            } catch (TokenException e) {
                failure = e;
                return new byte[0];
            }
        }
    }
}
