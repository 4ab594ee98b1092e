package dev.keyproof.broker.provider.pkcs11;

import com.github.f4b6a3.ulid.Ulid;
import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.DeviceAttributes;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.Attempt;
import dev.keyproof.broker.provider.Birth;
import dev.keyproof.broker.provider.Capabilities;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.broker.provider.SignatureScheme;
import dev.keyproof.broker.provider.Use;
import dev.keyproof.pkcs11.Device;
import dev.keyproof.pkcs11.EncryptionAlgorithm;
import dev.keyproof.pkcs11.KeyAttributes;
import dev.keyproof.pkcs11.KeyHandle;
import dev.keyproof.pkcs11.KeySpec;
import dev.keyproof.pkcs11.SignatureAlgorithm;
import dev.keyproof.pkcs11.TokenException;
import dev.keyproof.pkcs11.WrappedKey;
import dev.keyproof.pkcs11.WrappedKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a token, resident in it or replicated. A key version's CKA_ID is its key's ULID in binary and the version, so that recovery
 * finds it without the database; the reference is that id in hex. Handles are kept: no call looks a key up twice.
 */
public final class Pkcs11Provider implements KeyProvider {
    /** The name that keys carry. */
    public static final String NAME = "pkcs11";

    private static final EncryptionAlgorithm OAEP = EncryptionAlgorithm.RSA_OAEP_SHA256;
    private static final String TAMPERED = "the stored key was altered, or belongs to another key or birth";
    private static final int LARGEST = 64 * 1024;

    private final Device token;
    private final WrappedKeys wrapped;
    private final BirthBook book;
    private final Set<KeySpec> keksKnown = ConcurrentHashMap.newKeySet();
    /** References of key versions that were destroyed while this process ran. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    private final ConcurrentMap<String, Held> handles = new ConcurrentHashMap<>();

    /**
     * Keys of that device.
     *
     * @param book where what is born in it is written down
     */
    public static Pkcs11Provider of(Device token, BirthBook book) throws TokenException {
        return new Pkcs11Provider(token, token.wrappedKeys(), book);
    }

    private Pkcs11Provider(Device token, WrappedKeys wrapped, BirthBook book) {
        this.token = token;
        this.wrapped = wrapped;
        this.book = book;
    }

    private static Capabilities capabilities(dev.keyproof.pkcs11.Capabilities device) {
        return new Capabilities(
                Map.of(
                        Residence.RESIDENT, algorithms(device, device.resident()),
                        Residence.REPLICATED, algorithms(device, device.replicated())),
                "hsm",
                true,
                true,
                true,
                false,
                LARGEST);
    }

    /** A key pair that decrypts is of use only in a device that can do so by the one hash that is offered. */
    private static Set<Algorithm> algorithms(dev.keyproof.pkcs11.Capabilities device, Set<KeySpec> specs) {
        Set<String> names = specs.stream()
                .filter(spec -> spec.purpose() != KeySpec.Purpose.DECRYPT
                        || device.encryptions().contains(OAEP))
                .map(KeySpec::name)
                .collect(Collectors.toSet());
        return Arrays.stream(Algorithm.values())
                .filter(algorithm -> names.contains(algorithm.name()))
                .collect(Collectors.toSet());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Capabilities capabilities() throws ProblemException {
        return asking(() -> capabilities(token.capabilities()));
    }

    @Override
    public Attempt<Birth> create(String keyId, int version, Algorithm algorithm, Residence residence, String birth)
            throws ProblemException {
        KeySpec spec = KeySpec.valueOf(algorithm.name());
        byte[] id = deviceId(keyId, version);
        String label = keyId + "/" + version;
        return Attempt.of(asking(() -> switch (residence) {
            case RESIDENT -> {
                KeyHandle born = token.generate(spec, id, label);
                book.born(token.objects(id), birth);
                yield birth(born, null);
            }
            case REPLICATED -> {
                WrappedKey key = wrapped.generate(spec, id, birth);
                if (keksKnown.add(spec)) {
                    book.keksBorn(token.inventories(), birth);
                }
                KeyHandle opened = wrapped.open(key, id, label, birth);
                try {
                    yield birth(opened, key.encoded());
                } finally {
                    // Whether this is the key that will be kept, only the database decides.
                    wrapped.forget(opened);
                }
            }
        }));
    }

    @Override
    public boolean holds(String keyId, int version) throws ProblemException {
        return asking(() -> !token.objects(deviceId(keyId, version)).isEmpty());
    }

    @Override
    public Attempt<Boolean> destroy(String keyId, int version) throws ProblemException {
        byte[] id = deviceId(keyId, version);
        Held held = handles.remove(HexFormat.of().formatHex(id));
        return Attempt.of(asking(() -> {
            if (held != null) {
                wrapped.forget(held.handle);
            }
            Optional<KeyHandle> handle = token.find(id);
            if (handle.isPresent()) {
                token.destroy(handle.get());
            }
            book.gone(HexFormat.of().formatHex(id));
            return token.objects(id).isEmpty();
        }));
    }

    @Override
    public void forget(KeyVersion key) {
        gone.add(key.reference());
        Held held = handles.remove(key.reference());
        if (held != null && key.wrapped() != null) {
            wrapped.forget(held.handle);
        }
    }

    @Override
    public Attempt<byte[]> encrypt(Use use, byte[] plaintext, byte[] associatedData) throws ProblemException {
        return Attempt.of(asking(() -> {
            KeyHandle key = handle(use.key());
            return pair(key, associatedData)
                    ? token.encrypt(key, OAEP, plaintext)
                    : token.encrypt(key, plaintext, associatedData);
        }));
    }

    @Override
    public Attempt<byte[]> decrypt(Use use, byte[] sealed, byte[] associatedData) throws ProblemException {
        return Attempt.of(asking(() -> {
            KeyHandle key = handle(use.key());
            return pair(key, associatedData)
                    ? token.decrypt(key, OAEP, sealed)
                    : token.decrypt(key, sealed, associatedData);
        }));
    }

    private static boolean pair(KeyHandle key, byte[] associatedData) throws ProblemException {
        boolean pair = key.spec().purpose() == KeySpec.Purpose.DECRYPT;
        if (pair && associatedData.length > 0) {
            throw new ProblemException(Problem.INVALID_INPUT, "a key pair binds no associated data");
        }
        return pair;
    }

    @Override
    public Attempt<byte[]> sign(Use use, SignatureScheme scheme, byte[] message, boolean digested)
            throws ProblemException {
        SignatureAlgorithm algorithm = SignatureAlgorithm.valueOf(scheme.name());
        return Attempt.of(asking(() -> digested
                ? token.signDigest(handle(use.key()), algorithm, message)
                : token.sign(handle(use.key()), algorithm, message)));
    }

    @Override
    public Attempt<Boolean> verify(Use use, SignatureScheme scheme, byte[] message, byte[] signature)
            throws ProblemException {
        return Attempt.of(asking(
                () -> token.verify(handle(use.key()), SignatureAlgorithm.valueOf(scheme.name()), message, signature)));
    }

    @Override
    public Attempt<byte[]> mac(Use use, byte[] message) throws ProblemException {
        return Attempt.of(asking(() -> token.mac(handle(use.key()), message)));
    }

    @Override
    public Attempt<byte[]> publicKey(KeyVersion key) throws ProblemException {
        return Attempt.of(asking(() -> token.publicKey(handle(key)).getEncoded()));
    }

    @Override
    public byte[] random(int length) throws ProblemException {
        return asking(() -> token.random(length));
    }

    /** What the database says of a key is checked here, each time: somebody else may have written it. */
    private KeyHandle handle(KeyVersion key) throws TokenException, ProblemException {
        Held held = handles.get(key.reference());
        if (held != null && held.isOf(key)) {
            return held.handle;
        }
        requireNotGone(key);
        byte[] id = deviceId(key.keyId(), key.version());
        if (!HexFormat.of().formatHex(id).equals(key.reference())) {
            throw new ProblemException(Problem.KEY_TAMPERED, TAMPERED);
        }
        byte[] kept = key.wrapped();
        String label = key.keyId() + "/" + key.version();
        KeyHandle found = kept != null
                ? wrapped.open(WrappedKey.parse(kept), id, label, key.birth())
                : token.find(id)
                        .orElseThrow(() -> new ProblemException(
                                Problem.PROVIDER_UNAVAILABLE,
                                "the token has no key version " + key.version() + " of this key"));
        if (!found.label().equals(label)
                || found.spec() != KeySpec.valueOf(key.algorithm().name())) {
            throw new ProblemException(Problem.KEY_TAMPERED, TAMPERED);
        }
        handles.put(key.reference(), new Held(found, key.keyId(), key.version(), kept));
        if (gone.contains(key.reference())) {
            // It was destroyed while it was opened here: the one who told of it may have come before the handle.
            forget(key);
        }
        requireNotGone(key);
        return found;
    }

    /** A call that began before the destruction must not bring the key back. */
    private void requireNotGone(KeyVersion key) throws ProblemException {
        if (gone.contains(key.reference())) {
            throw new ProblemException(Problem.ILLEGAL_STATE, "the key was destroyed");
        }
    }

    /** A handle, and what it was opened from. */
    private record Held(KeyHandle handle, String keyId, int version, byte @Nullable [] wrapped) {
        boolean isOf(KeyVersion key) {
            return keyId.equals(key.keyId()) && version == key.version() && Arrays.equals(wrapped, key.wrapped());
        }
    }

    private Birth birth(KeyHandle handle, byte @Nullable [] kept) throws TokenException {
        KeyAttributes read = token.attributes(handle);
        return new Birth(
                handle.hexId(),
                new DeviceAttributes(
                        read.sensitive(),
                        read.extractable(),
                        read.alwaysSensitive(),
                        read.neverExtractable(),
                        read.local(),
                        read.modifiable(),
                        read.copyable(),
                        read.encrypt(),
                        read.decrypt(),
                        read.sign(),
                        read.verify(),
                        read.wrap(),
                        read.unwrap(),
                        read.keyType(),
                        read.bits()),
                kept);
    }

    private static byte[] deviceId(String keyId, int version) {
        Ulid id = Ulid.from(keyId);
        return ByteBuffer.allocate(20)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(version)
                .array();
    }

    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws TokenException, ProblemException;
    }

    private static <T> T asking(Asking<T> asking) throws ProblemException {
        try {
            return asking.ask();
        } catch (TokenException.Rejected e) {
            throw new ProblemException(
                    Problem.NOT_DECRYPTABLE, "the ciphertext or its context is not what was encrypted", e);
        } catch (TokenException.Tampered e) {
            throw new ProblemException(Problem.KEY_TAMPERED, TAMPERED, e);
        } catch (TokenException.Unsupported e) {
            throw new ProblemException(Problem.INVALID_INPUT, "the token cannot do this with such a key", e);
        } catch (TokenException e) {
            throw new ProblemException(Problem.PROVIDER_UNAVAILABLE, "the token does not answer as it should", e);
        }
    }
}
