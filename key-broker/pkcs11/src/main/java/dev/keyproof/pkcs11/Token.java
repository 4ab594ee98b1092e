package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open token: keys are born in it, read back from it and used in it, and never leave it. Safe for any number of threads,
 * virtual ones included.
 *
 * <p>SoftHSM reads the environment variable {@code SOFTHSM2_CONF} when its module is loaded, so it must stand in the
 * environment of the process before {@link #open} or {@link #initialise}; Java cannot set it.
 */
public final class Token implements Device {
    private final ModuleCopies modules;
    private final List<Shard> shards;
    private final TokenInfo info;
    private final Residents residents;
    private final TokenConfig config;
    /** Tried when it is first asked for, which takes an RSA key or two. */
    private volatile @Nullable Capabilities capabilities;

    private Token(ModuleCopies modules, List<Shard> shards, TokenConfig config) throws TokenException {
        this.modules = modules;
        this.shards = shards;
        this.config = config;
        this.info = shards.getFirst().info(shards.size());
        this.residents = new Residents(shards, config.waived());
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
            return new Token(modules, List.copyOf(shards), config);
        } catch (TokenException e) {
            for (Shard shard : shards) {
                also(e, shard::close);
            }
            also(e, modules::close);
            throw e;
        }
    }

    @Override
    public List<ShardLoad> load() {
        return shards.stream().map(shard -> shard.load(config.label())).toList();
    }

    @Override
    public KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException {
        return residents.generate(spec, id, label);
    }

    @Override
    public Optional<KeyHandle> find(byte[] id) throws TokenException {
        return residents.find(id);
    }

    /** The resident key with this CKA_LABEL. */
    public Optional<KeyHandle> findByLabel(String label) throws TokenException {
        return residents.findByLabel(label);
    }

    /** All complete resident keys of ours, in no order. */
    public List<KeyHandle> keys() throws TokenException {
        return residents.all();
    }

    @Override
    public void destroy(KeyHandle key) throws TokenException {
        residents.destroy(key);
    }

    @Override
    public KeyAttributes attributes(KeyHandle key) throws TokenException {
        return shards.getFirst()
                .nativelyWith(key, (module, session, object) -> TokenObjects.attributes(module, session, object, key));
    }

    @Override
    public byte[] encrypt(KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.ENCRYPT);
        return KeyUse.encrypt(shard(), key, plaintext, aad);
    }

    @Override
    public byte[] decrypt(KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.ENCRYPT);
        return KeyUse.decrypt(shard(), key, ciphertext, aad);
    }

    @Override
    public byte[] decrypt(KeyHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.DECRYPT);
        return Oaep.decrypt(shard(), key, publicKey(key), algorithm, ciphertext);
    }

    @Override
    public byte[] sign(KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException {
        KeyUse.require(key, algorithm);
        return KeyUse.sign(shard(), key, algorithm, message);
    }

    @Override
    public byte[] signDigest(KeyHandle key, SignatureAlgorithm algorithm, byte[] digest) throws TokenException {
        KeyUse.require(key, algorithm);
        if (digest.length != algorithm.digestLength()) {
            throw new TokenException.Unsupported(algorithm + " takes a digest of " + algorithm.digestLength()
                    + " bytes, not " + digest.length + ".");
        }
        return shard().nativelyWith(
                        key,
                        (module, session, object) ->
                                NativeSigning.signDigest(module, session, object, algorithm, digest));
    }

    @Override
    public byte[] mac(KeyHandle key, byte[] message) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.MAC);
        return KeyUse.mac(shard(), key, message);
    }

    @Override
    public PublicKey publicKey(KeyHandle key) throws TokenException {
        if (!key.spec().isPair()) {
            throw new TokenException.Unsupported(key + " has no public half.");
        }
        return key.wrapped().isPresent() ? key.wrapped().get().publicKey() : residents.publicKey(key);
    }

    /** The self-signed certificate that was made with a signing key. */
    public X509Certificate certificate(KeyHandle key) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.SIGN);
        return residents.certificate(key);
    }

    /**
     * A private key for JCA, whose bytes stay in the token; use it with {@link #provider()}. Ask for both anew for each use:
     * that is cheap, and after a lost connection they are others. Not for Ed25519.
     */
    public PrivateKey jcaPrivateKey(KeyHandle key) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.SIGN);
        return (PrivateKey) shards.getFirst().jcaKey(key);
    }

    /** The JCA provider that {@link #jcaPrivateKey} keys work with. */
    public Provider provider() {
        return shards.getFirst().provider();
    }

    /** Its KEKs are made in the token if it has none and its root is born there. */
    @Override
    public WrappedKeys wrappedKeys() throws TokenException {
        return new WrappedKeys(new TokenReplicas(this, shards.getFirst(), config.root()));
    }

    /** Takes an unwrapped key out of the token's memory. */
    void forget(KeyHandle key) {
        for (Shard shard : shards) {
            shard.forget(key);
        }
    }

    Shard first() {
        return shards.getFirst();
    }

    TokenConfig config() {
        return config;
    }

    @Override
    public Capabilities capabilities() throws TokenException {
        Capabilities known = capabilities;
        if (known == null) {
            known = shards.getFirst().capabilities();
            capabilities = known;
        }
        return known;
    }

    /**
     * Every object of the token as it shows it now, whoever made it, in no order: to be compared with what was read at their births.
     * Takes a call or two for each object.
     */
    public List<TokenObject> inventory() throws TokenException {
        return shards.getFirst().natively(Inventory::of);
    }

    @Override
    public Map<String, List<TokenObject>> inventories() throws TokenException {
        return Map.of(info.label(), inventory());
    }

    @Override
    public Map<String, List<TokenObject>> objects(byte[] id) throws TokenException {
        List<TokenObject> found = shards.getFirst().natively((module, session) -> Inventory.of(module, session, id));
        return found.isEmpty() ? Map.of() : Map.of(info.label(), found);
    }

    /** The objects of a resident key as the token shows them now: the key, and what stands beside it. */
    public List<TokenObject> objects(KeyHandle key) throws TokenException {
        return objects(key.id()).getOrDefault(info.label(), List.of());
    }

    /** A small private value in the token, not a key; there until it is replaced. */
    public TokenData data(String label) {
        return new TokenData(shards.getFirst(), label);
    }

    @Override
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
