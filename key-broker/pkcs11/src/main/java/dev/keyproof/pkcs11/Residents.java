package dev.keyproof.pkcs11;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The keys that live in a token: their births, where they are, their deaths. */
final class Residents {
    private final List<Shard> shards;
    private final Set<Guard> waived;
    /** One birth or death at a time, so that a label is free when it is said to be. */
    private final ReentrantLock changing = new ReentrantLock();

    private final Map<String, KeyHandle> handles = new ConcurrentHashMap<>();
    private final Map<String, X509Certificate> certificates = new ConcurrentHashMap<>();
    private final Map<String, PublicKey> publicKeys = new ConcurrentHashMap<>();

    Residents(List<Shard> shards, Set<Guard> waived) {
        this.shards = shards;
        this.waived = waived;
    }

    KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException {
        if (id.length == 0 || id.length > 64) {
            throw new IllegalArgumentException("A key's id has 1 to 64 bytes, not " + id.length + ".");
        }
        if (label.isBlank() || label.length() > 255) {
            throw new IllegalArgumentException("A key's label has 1 to 255 characters.");
        }
        Shard first = shards.getFirst();
        Guard.requireFor(spec, Guard.RESIDENT, first.guards(), waived);
        List<Long> offered = first.mechanisms();
        if (!offered.contains(KeyKinds.generator(spec)) || !offered.contains(KeyKinds.mechanisms(spec)[0])) {
            throw new TokenException.Unsupported("The token makes no " + spec + ".");
        }
        KeyHandle handle = new KeyHandle(id, label, spec);
        changing.lock();
        try {
            if (find(id).isPresent()) {
                throw new TokenException.KeyExists("A key with the id " + handle.hexId() + " is in the token already.");
            }
            Patience.with(() -> first.natively((module, session) -> {
                // Two keys under one label would hide all keys from SunPKCS11, not only these.
                Births.clear(module, session, id);
                if (TokenObjects.key(module, session, label) != null) {
                    throw new TokenException.KeyExists(
                            "A key with the label \"" + label + "\" is in the token already.");
                }
                return Births.birth(module, session, handle, first.guards());
            }));
            for (Shard shard : shards) {
                Patience.with(() -> {
                    shard.warm(handle);
                    return handle;
                });
            }
            handles.put(handle.hexId(), handle);
            return handle;
        } finally {
            changing.unlock();
        }
    }

    Optional<KeyHandle> find(byte[] id) throws TokenException {
        KeyHandle known = handles.get(HexFormat.of().formatHex(id));
        if (known != null) {
            return Optional.of(known);
        }
        return remember(shards.getFirst()
                .natively((module, session) -> complete(module, session, TokenObjects.key(module, session, id))));
    }

    Optional<KeyHandle> findByLabel(String label) throws TokenException {
        return remember(shards.getFirst()
                .natively((module, session) -> complete(module, session, TokenObjects.key(module, session, label))));
    }

    List<KeyHandle> all() throws TokenException {
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
        if (handle == null) {
            return Optional.empty();
        }
        Long beside = switch (handle.spec().purpose()) {
            case SIGN -> TokenObjects.certificate(module, session, handle.id());
            case DECRYPT -> TokenObjects.publicKey(module, session, handle.id());
            case ENCRYPT, MAC -> object;
        };
        return beside == null ? Optional.empty() : Optional.of(handle);
    }

    private Optional<KeyHandle> remember(Optional<KeyHandle> found) {
        return found.map(handle -> {
            KeyHandle known = handles.putIfAbsent(handle.hexId(), handle);
            return known != null ? known : handle;
        });
    }

    PublicKey publicKey(KeyHandle key) throws TokenException {
        if (key.spec().purpose() == KeySpec.Purpose.SIGN) {
            return certificate(key).getPublicKey();
        }
        PublicKey known = publicKeys.get(key.hexId());
        if (known != null) {
            return known;
        }
        PublicKey read = shards.getFirst().natively((module, session) -> {
            Long object = TokenObjects.publicKey(module, session, key.id());
            if (object == null) {
                throw new TokenException.NoSuchKey(key + " has no public key in the token.");
            }
            return Verification.publicKey(Births.publicKey(module, session, key.spec(), object));
        });
        publicKeys.put(key.hexId(), read);
        return read;
    }

    X509Certificate certificate(KeyHandle key) throws TokenException {
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

    void destroy(KeyHandle key) throws TokenException {
        changing.lock();
        try {
            handles.remove(key.hexId());
            certificates.remove(key.hexId());
            publicKeys.remove(key.hexId());
            Boolean was = shards.getFirst().natively((module, session) -> {
                Long object = TokenObjects.key(module, session, key.id());
                if (object != null) {
                    // The secret first: what stands beside it is harmless alone.
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
}
