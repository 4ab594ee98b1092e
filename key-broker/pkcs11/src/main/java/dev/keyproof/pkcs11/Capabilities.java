package dev.keyproof.pkcs11;

import java.util.Set;

/**
 * What a token can do, negotiated from its list of mechanisms and from trying. Kinds that it could only make without a guard are
 * listed only where the guard is waived.
 *
 * @param resident kinds of key that can be born in it and stay
 * @param replicated kinds of key that it can wrap and unwrap
 * @param signatures how its keys sign
 * @param encryptions how its key pairs decrypt
 * @param guards what it refuses to one who has its PIN
 */
public record Capabilities(
        Set<KeySpec> resident,
        Set<KeySpec> replicated,
        Set<SignatureAlgorithm> signatures,
        Set<EncryptionAlgorithm> encryptions,
        Set<Guard> guards) {

    /** Copies the sets. */
    public Capabilities {
        resident = Set.copyOf(resident);
        replicated = Set.copyOf(replicated);
        signatures = Set.copyOf(signatures);
        encryptions = Set.copyOf(encryptions);
        guards = Set.copyOf(guards);
    }

    /** What both can do. */
    Capabilities and(Capabilities other) {
        return new Capabilities(
                common(resident, other.resident),
                common(replicated, other.replicated),
                common(signatures, other.signatures),
                common(encryptions, other.encryptions),
                common(guards, other.guards));
    }

    /** The same where only such keys can be wrapped and unwrapped. */
    Capabilities replicating(Set<KeySpec> specs) {
        return new Capabilities(resident, common(replicated, specs), signatures, encryptions, guards);
    }

    private static <T> Set<T> common(Set<T> one, Set<T> other) {
        return Set.copyOf(one.stream().filter(other::contains).toList());
    }
}
