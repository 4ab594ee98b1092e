package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An open token: keys are born in it, read back from it and used in it, and never leave it. Safe for any number of threads,
 * virtual ones included.
 *
 * <p>SoftHSM reads the environment variable {@code SOFTHSM2_CONF} when its module is loaded, so it must stand in the
 * environment of the process before {@link #open} or {@link #initialise}; Java cannot set it.
 */
public final class Token implements AutoCloseable {
    private final ModuleCopies modules;
    private final List<Shard> shards;
    private final TokenInfo info;
    /** One birth or death at a time, so that a label is free when it is said to be. */
    private final ReentrantLock changing = new ReentrantLock();

    private final Map<String, KeyHandle> handles = new ConcurrentHashMap<>();
    private final Map<String, X509Certificate> certificates = new ConcurrentHashMap<>();

    private Token(ModuleCopies modules, List<Shard> shards) throws TokenException {
        this.modules = modules;
        this.shards = shards;
        this.info = shards.getFirst().info(shards.size());
    }

    /**
     * Makes a new token in a free slot of the module.
     *
     * @param label 1 to 32 bytes of UTF-8
     * @param soPin the security officer's PIN, 4 to 255 bytes in SoftHSM
     * @param userPin the PIN that {@link #open} will want
     * @throws TokenException.TokenExists when there is one with this label
     */
    public static void initialise(Path module, String label, PinSource soPin, PinSource userPin) throws TokenException {
        try (ModuleCopies copy = ModuleCopies.of(module, 1)) {
            Initialisation.run(Cryptoki.load(copy.modules().getFirst()), label, soPin, userPin);
        }
    }

    /** Whether the module shows a token with this label. */
    public static boolean exists(Path module, String label) throws TokenException {
        try (ModuleCopies copy = ModuleCopies.of(module, 1)) {
            return Slots.has(Cryptoki.load(copy.modules().getFirst()), label);
        }
    }

    /**
     * Opens a token and logs in.
     *
     * @throws TokenException.ModuleMissing when the module is not there
     * @throws TokenException.TokenNotPresent when no token has this label
     * @throws TokenException.WrongPin when the token refuses the PIN
     */
    public static Token open(TokenConfig config) throws TokenException {
        ModuleCopies modules = ModuleCopies.of(config.module(), config.shards());
        List<Shard> shards = new ArrayList<>();
        try {
            for (Path module : modules.modules()) {
                shards.add(Shard.open(shards.size(), module, config));
            }
            return new Token(modules, List.copyOf(shards));
        } catch (TokenException e) {
            for (Shard shard : shards) {
                also(e, shard::close);
            }
            also(e, modules::close);
            throw e;
        }
    }

    /**
     * Lets a key be born in the token: persistent, sensitive, never extractable, for one purpose, not to be modified or
     * copied. A signing key gets a self-signed certificate beside it, which carries its public key.
     *
     * @param id CKA_ID, 1 to 64 bytes, unique in the token
     * @param label CKA_LABEL, 1 to 255 characters, unique in the token
     * @throws TokenException.KeyExists when id or label is taken
     */
    public KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException {
        if (id.length == 0 || id.length > 64) {
            throw new IllegalArgumentException("A key's id has 1 to 64 bytes, not " + id.length + ".");
        }
        if (label.isBlank() || label.length() > 255) {
            throw new IllegalArgumentException("A key's label has 1 to 255 characters.");
        }
        KeyHandle handle = new KeyHandle(id, label, spec);
        changing.lock();
        try {
            if (find(id).isPresent()) {
                throw new TokenException.KeyExists("A key with the id " + handle.hexId() + " is in the token already.");
            }
            Shard first = shards.getFirst();
            first.natively((module, session) -> {
                // Two keys under one label would hide all keys from SunPKCS11, not only these.
                Births.clear(module, session, id);
                if (TokenObjects.key(module, session, label) != null) {
                    throw new TokenException.KeyExists(
                            "A key with the label \"" + label + "\" is in the token already.");
                }
                return Births.birth(module, session, handle);
            });
            for (Shard shard : shards) {
                shard.warm(handle);
            }
            handles.put(handle.hexId(), handle);
            return handle;
        } finally {
            changing.unlock();
        }
    }

    /** The key with this CKA_ID; the token is asked only the first time. */
    public Optional<KeyHandle> find(byte[] id) throws TokenException {
        KeyHandle known = handles.get(HexFormat.of().formatHex(id));
        if (known != null) {
            return Optional.of(known);
        }
        return remember(shards.getFirst()
                .natively((module, session) -> complete(module, session, TokenObjects.key(module, session, id))));
    }

    /** The key with this CKA_LABEL. */
    public Optional<KeyHandle> findByLabel(String label) throws TokenException {
        return remember(shards.getFirst()
                .natively((module, session) -> complete(module, session, TokenObjects.key(module, session, label))));
    }

    /** All complete keys of ours in the token, in no order. */
    public List<KeyHandle> keys() throws TokenException {
        List<Optional<KeyHandle>> found = shards.getFirst().natively((module, session) -> {
            List<Optional<KeyHandle>> list = new ArrayList<>();
            for (Long object : TokenObjects.keys(module, session)) {
                list.add(complete(module, session, object));
            }
            return list;
        });
        return found.stream().flatMap(key -> remember(key).stream()).toList();
    }

    private static Optional<KeyHandle> complete(Cryptoki module, long session, @Nullable Long object)
            throws TokenException {
        KeyHandle handle = object == null ? null : TokenObjects.handle(module, session, object);
        if (handle == null
                || (handle.spec().purpose() == KeySpec.Purpose.SIGN
                        && TokenObjects.certificate(module, session, handle.id()) == null)) {
            return Optional.empty();
        }
        return Optional.of(handle);
    }

    private Optional<KeyHandle> remember(Optional<KeyHandle> found) {
        return found.map(handle -> {
            KeyHandle known = handles.putIfAbsent(handle.hexId(), handle);
            return known != null ? known : handle;
        });
    }

    /** Reads the key's attributes back from the device. */
    public KeyAttributes attributes(KeyHandle key) throws TokenException {
        return shards.getFirst()
                .nativelyWith(key, (module, session, object) -> TokenObjects.attributes(module, session, object, key));
    }

    /**
     * Encrypts by AES-256-GCM under an IV of 12 random bytes from the token.
     *
     * @param aad associated data, empty for none
     * @return IV (12 bytes), ciphertext, tag (16 bytes)
     */
    public byte[] encrypt(KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        require(key, KeySpec.Purpose.ENCRYPT);
        return KeyUse.encrypt(shard(), key, plaintext, aad);
    }

    /**
     * Decrypts what {@link #encrypt} made.
     *
     * @throws TokenException.Rejected when ciphertext or associated data were altered, or belong to another key
     */
    public byte[] decrypt(KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        require(key, KeySpec.Purpose.ENCRYPT);
        return KeyUse.decrypt(shard(), key, ciphertext, aad);
    }

    /** Signs a message; ECDSA signatures are in DER form. */
    public byte[] sign(KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException {
        require(key, algorithm);
        return KeyUse.sign(shard(), key, algorithm, message);
    }

    /** Signs a digest that the caller computed with {@link SignatureAlgorithm#digest()}; not for Ed25519. */
    public byte[] signDigest(KeyHandle key, SignatureAlgorithm algorithm, byte[] digest) throws TokenException {
        require(key, algorithm);
        if (digest.length != algorithm.digestLength()) {
            throw new TokenException.Unsupported(algorithm + " takes a digest of " + algorithm.digestLength()
                    + " bytes, not " + digest.length + ".");
        }
        return shard().nativelyWith(
                        key,
                        (module, session, object) ->
                                NativeSigning.signDigest(module, session, object, algorithm, digest));
    }

    /** Verifies in software with the key's public key. A malformed signature is a false one. */
    public boolean verify(KeyHandle key, SignatureAlgorithm algorithm, byte[] message, byte[] signature)
            throws TokenException {
        require(key, algorithm);
        return Verification.verify(publicKey(key), algorithm, message, signature);
    }

    /** HMAC-SHA-256 of a message, 32 bytes. */
    public byte[] mac(KeyHandle key, byte[] message) throws TokenException {
        require(key, KeySpec.Purpose.MAC);
        return KeyUse.mac(shard(), key, message);
    }

    /** Whether a MAC is this key's for the message, compared in constant time. */
    public boolean verifyMac(KeyHandle key, byte[] message, byte[] mac) throws TokenException {
        return MessageDigest.isEqual(mac(key, message), mac);
    }

    /** The public key of a signing key. */
    public PublicKey publicKey(KeyHandle key) throws TokenException {
        require(key, KeySpec.Purpose.SIGN);
        return key.wrapped().isPresent()
                ? key.wrapped().get().publicKey()
                : certificate(key).getPublicKey();
    }

    /** The self-signed certificate that was made with a signing key. */
    public X509Certificate certificate(KeyHandle key) throws TokenException {
        require(key, KeySpec.Purpose.SIGN);
        X509Certificate known = certificates.get(key.hexId());
        if (known != null) {
            return known;
        }
        X509Certificate read = shards.getFirst()
                .natively((module, session) -> Optional.ofNullable(Certificates.read(module, session, key.id())))
                .orElseThrow(() -> new TokenException.NoSuchKey(key + " has no certificate in the token."));
        certificates.put(key.hexId(), read);
        return read;
    }

    /**
     * A private key for JCA, whose bytes stay in the token; use it with {@link #provider()}. Ask for both anew for each use:
     * that is cheap, and after a lost connection they are others. Not for Ed25519.
     */
    public PrivateKey jcaPrivateKey(KeyHandle key) throws TokenException {
        require(key, KeySpec.Purpose.SIGN);
        return (PrivateKey) shards.getFirst().jcaKey(key);
    }

    /** The JCA provider that {@link #jcaPrivateKey} keys work with. */
    public Provider provider() {
        return shards.getFirst().provider();
    }

    /** Destroys a key and its certificate for good. Handles to it end here. */
    public void destroy(KeyHandle key) throws TokenException {
        changing.lock();
        try {
            handles.remove(key.hexId());
            certificates.remove(key.hexId());
            Boolean was = shards.getFirst().natively((module, session) -> {
                Long object = TokenObjects.key(module, session, key.id());
                if (object != null) {
                    // The secret first: a certificate alone is harmless.
                    module.destroyObject(session, object);
                }
                Births.clear(module, session, key.id());
                return object != null;
            });
            for (Shard shard : shards) {
                shard.forget(key);
            }
            if (!was) {
                throw new TokenException.NoSuchKey(key + " is not in the token.");
            }
        } finally {
            changing.unlock();
        }
    }

    /** Keys that are kept wrapped outside of the token; their KEKs are made in it if it has none. */
    public WrappedKeys wrappedKeys() throws TokenException {
        return new WrappedKeys(this, shards);
    }

    /** A small private value in the token, not a key; there until it is replaced. */
    public TokenData data(String label) {
        return new TokenData(shards.getFirst(), label);
    }

    /** Random bytes of the token. */
    public byte[] random(int length) throws TokenException {
        byte[] bytes = new byte[length];
        shard().natively((module, session) -> {
            module.random(session, bytes);
            return bytes;
        });
        return bytes;
    }

    /** What the device says of itself, read when it was opened. */
    public TokenInfo info() {
        return info;
    }

    /** The CKM numbers of the mechanisms the device offers. */
    public List<Long> mechanisms() throws TokenException {
        return shards.getFirst().mechanisms();
    }

    /** Logs out and closes all sessions. Nothing of this token may be used after. */
    @Override
    public void close() throws TokenException {
        for (Shard shard : shards) {
            shard.close();
        }
        modules.close();
    }

    /** A thread keeps to its shard as long as that has room, for its sessions and the processor's caches are there. */
    private Shard shard() {
        int count = shards.size();
        int home = (int) (Thread.currentThread().threadId() % count);
        Shard best = shards.get(home);
        int free = best.free();
        for (int i = 1; i < count; i++) {
            Shard other = shards.get((home + i) % count);
            if (other.free() > free) {
                best = other;
                free = other.free();
            }
        }
        return best;
    }

    private static void require(KeyHandle key, KeySpec.Purpose purpose) throws TokenException {
        if (key.spec().purpose() != purpose) {
            throw new TokenException.Unsupported(key + " is not for this use.");
        }
    }

    private static void require(KeyHandle key, SignatureAlgorithm algorithm) throws TokenException {
        if (!algorithm.fits(key.spec())) {
            throw new TokenException.Unsupported(key + " does not sign by " + algorithm + ".");
        }
    }

    private interface Ending {
        void end() throws TokenException;
    }

    private static void also(TokenException first, Ending ending) {
        try {
            ending.end();
        } catch (TokenException e) {
            first.addSuppressed(e);
        }
    }
}
