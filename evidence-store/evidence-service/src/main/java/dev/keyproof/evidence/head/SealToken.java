package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenData;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.verify.EcdsaSignature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/**
 * The keys of the evidence service, each born in its own token and for one use: two sign checkpoints, one signs packs, one is the
 * root that certifies the pack signer, one encrypts the keys of artifacts. Thread-safe.
 */
public final class SealToken {
    private static final String LOG_ED25519 = "keyproof/log/ed25519";
    private static final String LOG_ECDSA = "keyproof/log/ecdsa";
    private static final String PACK = "keyproof/pack";
    private static final String ROOT = "keyproof/root";
    private static final String ARTIFACTS = "keyproof/artifacts";

    private final Token token;
    private final KeyHandle ed25519;
    private final KeyHandle ecdsa;
    private final KeyHandle pack;
    private final KeyHandle root;
    private final KeyHandle artifacts;

    /** The keys in a token, made where they are missing. */
    public SealToken(Token token) throws EvidenceException {
        this.token = token;
        this.ed25519 = key(LOG_ED25519, KeySpec.ED25519);
        this.ecdsa = key(LOG_ECDSA, KeySpec.EC_P256);
        this.root = key(ROOT, KeySpec.EC_P256);
        this.pack = key(PACK, KeySpec.EC_P256);
        this.artifacts = key(ARTIFACTS, KeySpec.AES_256_GCM);
    }

    private KeyHandle key(String label, KeySpec spec) throws EvidenceException {
        try {
            Optional<KeyHandle> found = token.findByLabel(label);
            return found.isPresent()
                    ? found.get()
                    : token.generate(spec, label.getBytes(StandardCharsets.US_ASCII), label);
        } catch (TokenException e) {
            throw new EvidenceException(
                    "the key " + label + " is not in the token and cannot be made: " + e.getMessage(), e);
        }
    }

    /** The signers of a log's checkpoints, Ed25519 first. */
    public List<NoteSigner> logSigners(String origin) throws EvidenceException {
        return List.of(
                new TokenNoteSigner(verifier(origin, ed25519), ed25519, SignatureAlgorithm.ED25519),
                new TokenNoteSigner(verifier(origin, ecdsa), ecdsa, SignatureAlgorithm.ECDSA_SHA256));
    }

    /** The verifier keys of a log, in the order of its signers. */
    public List<NoteVerifier> logVerifiers(String origin) throws EvidenceException {
        return List.of(verifier(origin, ed25519), verifier(origin, ecdsa));
    }

    private NoteVerifier verifier(String origin, KeyHandle key) throws EvidenceException {
        try {
            return NoteVerifier.of(origin, token.publicKey(key));
        } catch (TokenException | NoteException e) {
            throw new EvidenceException("the public key of " + key.label() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Where the last signed heads of the logs of that name are kept. */
    TokenData heads(String name) {
        return token.data("keyproof/heads/" + name);
    }

    /** Makes the pack signer's certificates. */
    PackChain packChain() {
        return new PackChain(token, root, pack);
    }

    /** Signs for a pack, in the one form that a pack takes. */
    public byte[] signPack(byte[] message) throws EvidenceException {
        try {
            return EcdsaSignature.canonical(token.sign(pack, SignatureAlgorithm.ECDSA_SHA256, message));
        } catch (TokenException e) {
            throw new EvidenceException("the pack was not signed: " + e.getMessage(), e);
        }
    }

    /** Encrypts an artifact's own key; {@code artifact} is bound to it. */
    public byte[] wrapArtifactKey(byte[] key, String artifact) throws EvidenceException {
        try {
            return token.encrypt(artifacts, key, artifact.getBytes(StandardCharsets.US_ASCII));
        } catch (TokenException e) {
            throw new EvidenceException("the artifact's key was not encrypted: " + e.getMessage(), e);
        }
    }

    /** What {@link #wrapArtifactKey} encrypted. */
    public byte[] unwrapArtifactKey(byte[] wrapped, String artifact) throws EvidenceException {
        try {
            return token.decrypt(artifacts, wrapped, artifact.getBytes(StandardCharsets.US_ASCII));
        } catch (TokenException e) {
            throw new EvidenceException("the artifact's key was not decrypted: " + e.getMessage(), e);
        }
    }

    private final class TokenNoteSigner implements NoteSigner {
        private final NoteVerifier verifier;
        private final KeyHandle key;
        private final SignatureAlgorithm algorithm;

        TokenNoteSigner(NoteVerifier verifier, KeyHandle key, SignatureAlgorithm algorithm) {
            this.verifier = verifier;
            this.key = key;
            this.algorithm = algorithm;
        }

        @Override
        public String name() {
            return verifier.name();
        }

        @Override
        public int keyId() {
            return verifier.keyId();
        }

        @Override
        public byte type() {
            return verifier.type();
        }

        @Override
        public byte[] sign(byte[] message) throws GeneralSecurityException {
            try {
                return token.sign(key, algorithm, message);
            } catch (TokenException e) {
                throw new GeneralSecurityException("the token did not sign the checkpoint", e);
            }
        }
    }
}
