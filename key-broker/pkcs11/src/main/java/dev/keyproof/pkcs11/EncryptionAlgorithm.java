package dev.keyproof.pkcs11;

import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** How one encrypts to a key pair: RSAES-OAEP (RFC 8017) without a label, MGF1 by the same hash. */
public enum EncryptionAlgorithm {
    /** OAEP with SHA-1, which is sound in this place, and all that some tokens can. */
    RSA_OAEP_SHA1("SHA-1", 20, Ck.SHA_1, Ck.MGF1_SHA1),
    /** OAEP with SHA-256. */
    RSA_OAEP_SHA256("SHA-256", 32, Ck.SHA256, Ck.MGF1_SHA256);

    private final String digest;
    private final int digestLength;
    private final long hash;
    private final long mgf;

    EncryptionAlgorithm(String digest, int digestLength, long hash, long mgf) {
        this.digest = digest;
        this.digestLength = digestLength;
        this.hash = hash;
        this.mgf = mgf;
    }

    /** How many bytes a key of this kind takes at most. */
    public int room(KeySpec spec) {
        return spec.bits() / 8 - 2 * digestLength - 2;
    }

    Mechanism mechanism() {
        return new Mechanism(Ck.RSA_PKCS_OAEP, new Mechanism.Oaep(hash, mgf));
    }

    OAEPParameterSpec parameters() {
        return new OAEPParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT);
    }
}
