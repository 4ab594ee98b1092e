package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.KeySigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.pkcs11.TokenData;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.verify.EcdsaSignature;
import dev.keyproof.verify.Role;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The keys of the evidence service, each born in its own token and for one use: two sign checkpoints, one signs packs, one is the
 * root that certifies the signers, one encrypts the keys of artifacts. The two that sign checkpoints may be rolled over: each
 * generation, counted from 1, stays in the token. Thread-safe.
 */
public final class SealToken {
    private static final String LOG_ED25519 = "keyproof/log/ed25519";
    private static final String LOG_ECDSA = "keyproof/log/ecdsa";
    private static final String PACK = "keyproof/pack";
    private static final String ROOT = "keyproof/root";
    private static final String ARTIFACTS = "keyproof/artifacts";

    private final Token token;
    private final List<LogKeyPair> generations = new CopyOnWriteArrayList<>();
    private final KeyHandle pack;
    private final KeyHandle root;
    private final KeyHandle artifacts;

    /** The keys in a token, made where they are missing. */
    public SealToken(Token token) throws EvidenceException {
        this.token = token;
        makeGeneration();
        while (isThere(label(LOG_ECDSA, generations() + 1))) {
            makeGeneration();
        }
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

    /** The keys that sign checkpoints together. */
    private record LogKeyPair(KeyHandle ed25519, KeyHandle ecdsa) {}

    private boolean isThere(String label) throws EvidenceException {
        try {
            return token.findByLabel(label).isPresent();
        } catch (TokenException e) {
            throw new EvidenceException("the token cannot be asked for " + label + ": " + e.getMessage(), e);
        }
    }

    private static String label(String label, int generation) {
        return generation == 1 ? label : label + "/" + generation;
    }

    /** How many generations of keys for checkpoints there are. */
    public int generations() {
        return generations.size();
    }

    /** The next generation of keys for checkpoints; Ed25519 first, so that one that was cut short is finished by the next start's. */
    public synchronized int makeGeneration() throws EvidenceException {
        int next = generations() + 1;
        generations.add(new LogKeyPair(
                key(label(LOG_ED25519, next), KeySpec.ED25519), key(label(LOG_ECDSA, next), KeySpec.EC_P256)));
        return next;
    }

    private LogKeyPair pair(int generation) {
        return generations.get(generation - 1);
    }

    /** The signers of a log's checkpoints, Ed25519 first. */
    public List<NoteSigner> logSigners(String origin, int generation) throws EvidenceException {
        LogKeyPair pair = pair(generation);
        return List.of(
                new TokenNoteSigner(verifier(origin, pair.ed25519), pair.ed25519, SignatureAlgorithm.ED25519),
                new TokenNoteSigner(verifier(origin, pair.ecdsa), pair.ecdsa, SignatureAlgorithm.ECDSA_SHA256));
    }

    /** The verifier keys of a log, in the order of its signers. */
    public List<NoteVerifier> logVerifiers(String origin, int generation) throws EvidenceException {
        LogKeyPair pair = pair(generation);
        return List.of(verifier(origin, pair.ed25519), verifier(origin, pair.ecdsa));
    }

    /** The verifier keys of all generations, oldest first. */
    public List<NoteVerifier> logVerifiers(String origin) throws EvidenceException {
        List<NoteVerifier> all = new ArrayList<>();
        for (int generation = 1; generation <= generations(); generation++) {
            all.addAll(logVerifiers(origin, generation));
        }
        return List.copyOf(all);
    }

    /** The generations both of whose keys signed a head; empty if it is not ours. */
    public List<Integer> signersOf(SignedHead head) throws EvidenceException {
        List<Integer> signers = new ArrayList<>();
        for (int generation = 1; generation <= generations(); generation++) {
            if (signed(head, logVerifiers(head.checkpoint().origin(), generation))) {
                signers.add(generation);
            }
        }
        return List.copyOf(signers);
    }

    private static boolean signed(SignedHead head, List<NoteVerifier> all) {
        try {
            return head.note().verifiedBy(all).size() == all.size();
        } catch (NoteException e) {
            return false;
        }
    }

    /** What certifies the ECDSA key of a generation. */
    SignerChain logChain(int generation) {
        return new SignerChain(token, root, pair(generation).ecdsa, Role.LOG);
    }

    /** Signs a form of a checkpoint that is signed already, by the ECDSA key of a generation. */
    byte[] signLog(int generation, byte[] message) throws EvidenceException {
        return canonical(pair(generation).ecdsa, message, "the checkpoint");
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
    SignerChain packChain() {
        return new SignerChain(token, root, pack, Role.PACK);
    }

    /** Signs what the root says of its signers. */
    RootSigner rootSigner() {
        return new RootSigner(token, root);
    }

    /** Signs for a pack, in the one form that a pack takes. */
    public byte[] signPack(byte[] message) throws EvidenceException {
        return canonical(pack, message, "the pack");
    }

    private byte[] canonical(KeyHandle key, byte[] message, String what) throws EvidenceException {
        try {
            return EcdsaSignature.canonical(token.sign(key, SignatureAlgorithm.ECDSA_SHA256, message));
        } catch (TokenException e) {
            throw new EvidenceException(what + " was not signed: " + e.getMessage(), e);
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

    private final class TokenNoteSigner extends KeySigner {
        private final KeyHandle key;
        private final SignatureAlgorithm algorithm;

        TokenNoteSigner(NoteVerifier verifier, KeyHandle key, SignatureAlgorithm algorithm) {
            super(verifier);
            this.key = key;
            this.algorithm = algorithm;
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
