package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Hashes that an evidence record can be renewed with. */
public enum RenewalHash {
    SHA256("SHA-256", NISTObjectIdentifiers.id_sha256.getId()),
    SHA384("SHA-384", NISTObjectIdentifiers.id_sha384.getId()),
    SHA512("SHA-512", NISTObjectIdentifiers.id_sha512.getId());

    private final String text;
    private final String oid;

    RenewalHash(String text, String oid) {
        this.text = text;
        this.oid = oid;
    }

    /**
     * The hash of a name such as {@code SHA-512}.
     *
     * @throws EvidenceException naming those that there are
     */
    public static RenewalHash of(String text) throws EvidenceException {
        return Stream.of(values())
                .filter(hash -> hash.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new EvidenceException("hash is none of SHA-256, SHA-384 and SHA-512: " + text));
    }

    AlgorithmIdentifier algorithm() {
        return new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid));
    }
}
