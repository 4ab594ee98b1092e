package dev.keyproof.verify;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/**
 * ECDSA over P-256 with SHA-256, in the one form a pack takes: DER, and {@code s} in the lower half of the group's order.
 * Without the latter anyone could turn a valid signature into another valid one.
 */
public final class EcdsaSignature {
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger HALF = ORDER.shiftRight(1);

    private EcdsaSignature() {}

    /** The same signature as canonical DER with the lower {@code s}; the argument is DER. */
    public static byte[] canonical(byte[] der) {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(der);
            BigInteger r = ASN1Integer.getInstance(sequence.getObjectAt(0)).getPositiveValue();
            BigInteger s = ASN1Integer.getInstance(sequence.getObjectAt(1)).getPositiveValue();
            ASN1EncodableVector parts = new ASN1EncodableVector();
            parts.add(new ASN1Integer(r));
            parts.add(new ASN1Integer(s.compareTo(HALF) > 0 ? ORDER.subtract(s) : s));
            return new DERSequence(parts).getEncoded(ASN1Encoding.DER);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("not an ECDSA signature", e);
        }
    }

    static void requireValid(byte[] der, byte[] signed, PublicKey key, String file) throws BrokenPackException {
        try {
            if (!Arrays.equals(canonical(der), der)) {
                throw BrokenPackException.of(Reason.SIGNATURE_FORM, file, "the signature is not in its canonical form");
            }
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initVerify(key);
            ecdsa.update(signed);
            if (!ecdsa.verify(der)) {
                throw BrokenPackException.of(
                        Reason.SIGNATURE_FALSE, file, "the signature is not the signer's over this content");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BrokenPackException.of(Reason.SIGNATURE_FORM, file, "the signature is not one of ECDSA P-256");
        }
    }
}
