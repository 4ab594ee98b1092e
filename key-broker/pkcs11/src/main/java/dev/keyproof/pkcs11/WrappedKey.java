package dev.keyproof.pkcs11;

import java.io.IOException;
import java.security.PublicKey;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is kept outside of the token: wrapped by a token KEK, with the public half of a pair, and a MAC of the token's over all
 * of it and over what it is bound to. Not secret, and useless without the token.
 */
public final class WrappedKey {
    private static final String VERSION = "keyproof/wrapped/v1";

    private final KeySpec spec;
    private final byte[] wrapped;
    private final byte[] publicKey;
    private final byte[] mac;
    private volatile @Nullable PublicKey parsed;

    WrappedKey(KeySpec spec, byte[] wrapped, byte[] publicKey, byte[] mac) {
        this.spec = spec;
        this.wrapped = wrapped.clone();
        this.publicKey = publicKey.clone();
        this.mac = mac.clone();
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws TokenException.Tampered if it is none
     */
    public static WrappedKey parse(byte[] encoded) throws TokenException {
        try {
            ASN1Sequence fields = ASN1Sequence.getInstance(encoded);
            if (fields.size() != 5
                    || !ASN1UTF8String.getInstance(fields.getObjectAt(0))
                            .getString()
                            .equals(VERSION)) {
                throw new TokenException.Tampered("These bytes are no wrapped key.", null);
            }
            return new WrappedKey(
                    KeySpec.valueOf(
                            ASN1UTF8String.getInstance(fields.getObjectAt(1)).getString()),
                    octets(fields, 2),
                    octets(fields, 3),
                    octets(fields, 4));
        } catch (IllegalArgumentException e) {
            throw new TokenException.Tampered("These bytes are no wrapped key.", e);
        }
    }

    private static byte[] octets(ASN1Sequence fields, int at) {
        return ASN1OctetString.getInstance(fields.getObjectAt(at)).getOctets();
    }

    /** DER: version, kind, wrapped key, SubjectPublicKeyInfo or nothing, MAC. */
    public byte[] encoded() {
        try {
            return new DERSequence(new ASN1Encodable[] {
                        new DERUTF8String(VERSION),
                        new DERUTF8String(spec.name()),
                        new DEROctetString(wrapped),
                        new DEROctetString(publicKey),
                        new DEROctetString(mac)
                    })
                    .getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("Bytes and texts have an encoding.", e);
        }
    }

    /** What kind of key it is. */
    public KeySpec spec() {
        return spec;
    }

    /** SubjectPublicKeyInfo of a pair, empty for a secret. */
    byte[] publicBytes() {
        return publicKey.clone();
    }

    PublicKey publicKey() throws TokenException {
        PublicKey known = parsed;
        if (known == null) {
            known = Verification.publicKey(spec, publicKey);
            parsed = known;
        }
        return known;
    }

    byte[] wrapped() {
        return wrapped.clone();
    }

    byte[] mac() {
        return mac.clone();
    }

    @Override
    public String toString() {
        return "WrappedKey[" + spec + "]";
    }
}
