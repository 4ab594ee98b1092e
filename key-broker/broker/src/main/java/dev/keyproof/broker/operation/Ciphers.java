package dev.keyproof.broker.operation;

import dev.keyproof.broker.datakey.DataKeyAlgorithm;
import dev.keyproof.broker.key.Ciphertext;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.Attempt;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.broker.provider.SignatureScheme;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One item under one key. New things are protected by the current version, old ones processed by the one they name. */
public final class Ciphers {
    private static final int LARGEST_CIPHERTEXT = Items.LARGEST + 64;
    private static final int LARGEST_SIGNATURE = 1024;
    private static final int LONGEST_LABEL = 128;

    private final KeyProvider provider;
    private final Registered registered;

    public Ciphers(KeyProvider provider, Registered registered) {
        this.provider = provider;
        this.registered = registered;
    }

    /** Where registered data keys are found. */
    @FunctionalInterface
    public interface Registered {
        /**
         * A data key as it is wrapped now.
         *
         * @throws ProblemException {@link Problem#DATA_KEY_NOT_FOUND} if that KEK has none of that id
         */
        byte[] wrapped(String kek, String id) throws ProblemException;
    }

    Done encrypt(Subject on, Item.Encrypt item) throws ProblemException {
        byte[] plaintext = Items.bytes(item.plaintext(), "plaintext", Items.LARGEST);
        try {
            return seal(on, plaintext, Items.context(item.context()), List.of());
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    Done decrypt(Subject on, Item.Decrypt item) throws ProblemException {
        Ciphertext ciphertext = given(on.key(), item);
        Attempt<byte[]> opened = open(on, ciphertext, Items.context(item.context()));
        try {
            return new Done(
                    new Result.Decrypted(Items.text(opened.value()), ciphertext.version()),
                    ciphertext.version(),
                    ciphertext.bytes(),
                    opened.requestIds());
        } finally {
            Arrays.fill(opened.value(), (byte) 0);
        }
    }

    private Ciphertext given(Key key, Item.Decrypt item) throws ProblemException {
        Integer version = item.version();
        if (version != null) {
            if (item.dataKey() != null) {
                throw new ProblemException(Problem.INVALID_INPUT, "dataKey: is found without a version");
            }
            if (!key.algorithm().isPair()) {
                throw new ProblemException(
                        Problem.INVALID_INPUT, "version: only a public key encrypts outside of the broker");
            }
            return new Ciphertext(
                    key.id(),
                    version,
                    Items.bytes(item.ciphertext(), "ciphertext", key.algorithm().bits() / 8));
        }
        return item.dataKey() == null
                ? ciphertext(key, item.ciphertext())
                : ciphertext(key, registered.wrapped(key.id(), item.dataKey()));
    }

    Done reWrap(Subject on, Item.ReWrap item) throws ProblemException {
        Ciphertext ciphertext = ciphertext(on.key(), item.ciphertext());
        Map<String, String> context = Items.context(item.context());
        Attempt<byte[]> opened = open(on, ciphertext, context);
        try {
            return seal(
                    on,
                    opened.value(),
                    item.newContext() == null ? context : Items.context(item.newContext()),
                    opened.requestIds());
        } finally {
            Arrays.fill(opened.value(), (byte) 0);
        }
    }

    Done dataKey(Subject on, Item.DataKey item) throws ProblemException {
        if (on.key().purpose() == Purpose.WRAP) {
            // Its data keys are registered; the key became known only between the choice of the way and here.
            throw new ProblemException(Problem.CONFLICT, "the key is new to this broker; ask again");
        }
        return dataKey(on, item, null);
    }

    /**
     * A new data key.
     *
     * @param id the id that it is registered by, if it is
     */
    Done dataKey(Subject on, Item.DataKey item, @Nullable String id) throws ProblemException {
        DataKeyAlgorithm algorithm = item.made();
        byte[] secret = algorithm.secret(provider::random);
        try {
            Done sealed = seal(on, secret, Items.context(item.context()), List.of());
            return new Done(
                    new Result.NewDataKey(
                            algorithm,
                            Boolean.TRUE.equals(item.withoutPlaintext()) ? null : Items.text(secret),
                            Items.text(sealed.open()),
                            sealed.version(),
                            id),
                    sealed.version(),
                    sealed.open(),
                    sealed.attempts());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    Done derive(Subject on, Item.Derive item) throws ProblemException {
        KeyVersion version =
                item.version() == null ? on.key().current() : on.key().version(item.version());
        int bytes = item.bytes() == null ? 32 : item.bytes();
        if (bytes < 16 || bytes > 64) {
            throw new ProblemException(Problem.INVALID_INPUT, "bytes: is from 16 to 64");
        }
        if (item.label() == null || item.label().isEmpty() || item.label().length() > LONGEST_LABEL) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, "label: is a text of 1 to " + LONGEST_LABEL + " characters");
        }
        Derivation derivation = new Derivation(item.label(), Items.context(item.context()), bytes);
        byte[] derived = new byte[bytes];
        List<String> attempts = new ArrayList<>();
        try {
            for (int block = 0; block * Derivation.BLOCK < bytes; block++) {
                Attempt<byte[]> mac = provider.mac(on.by(version), derivation.input(block + 1));
                attempts.addAll(mac.requestIds());
                System.arraycopy(
                        mac.value(),
                        0,
                        derived,
                        block * Derivation.BLOCK,
                        Math.min(Derivation.BLOCK, bytes - block * Derivation.BLOCK));
                Arrays.fill(mac.value(), (byte) 0);
            }
            return new Done(
                    new Result.Derived(Items.text(derived), version.version()),
                    version.version(),
                    item.label().getBytes(StandardCharsets.UTF_8),
                    attempts);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /** A data key under the current version of its KEK; its plaintext is in memory for this moment and goes nowhere. */
    byte[] moved(Subject on, byte[] wrapped, Map<String, String> context) throws ProblemException {
        Attempt<byte[]> opened = open(on, ciphertext(on.key(), wrapped), context);
        try {
            return seal(on, opened.value(), context, List.of()).open();
        } finally {
            Arrays.fill(opened.value(), (byte) 0);
        }
    }

    Done sign(Subject on, Item.Sign item) throws ProblemException {
        KeyVersion version = on.key().current();
        SignatureScheme scheme = scheme(on.key(), item.scheme());
        boolean digested = item.digest() != null;
        if (digested == (item.message() != null)) {
            throw new ProblemException(Problem.INVALID_INPUT, "message: give either message or digest");
        }
        if (digested && scheme.digestLength() == 0) {
            throw new ProblemException(Problem.INVALID_INPUT, "digest: " + scheme + " signs messages only");
        }
        byte[] message = digested
                ? Items.bytes(item.digest(), "digest", scheme.digestLength())
                : Items.bytes(item.message(), "message", Items.LARGEST);
        if (digested && message.length != scheme.digestLength()) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, "digest: has " + message.length + " bytes, not " + scheme.digestLength());
        }
        Attempt<byte[]> signature = provider.sign(on.by(version), scheme, message, digested);
        return new Done(
                new Result.Signed(Items.text(signature.value()), scheme.name(), version.version()),
                version.version(),
                signature.value(),
                signature.requestIds());
    }

    Done verify(Subject on, Item.Verify item) throws ProblemException {
        KeyVersion version =
                item.version() == null ? on.key().current() : on.key().version(item.version());
        byte[] signature = Items.bytes(item.signature(), "signature", LARGEST_SIGNATURE);
        Attempt<Boolean> valid = provider.verify(
                on.by(version),
                scheme(on.key(), item.scheme()),
                Items.bytes(item.message(), "message", Items.LARGEST),
                signature);
        return new Done(
                new Result.Verified(valid.value(), version.version()),
                version.version(),
                signature,
                valid.requestIds());
    }

    Done mac(Subject on, Item.Mac item) throws ProblemException {
        KeyVersion version = on.key().current();
        Attempt<byte[]> mac = provider.mac(on.by(version), Items.bytes(item.message(), "message", Items.LARGEST));
        return new Done(
                new Result.Authenticated(Items.text(mac.value()), version.version()),
                version.version(),
                mac.value(),
                mac.requestIds());
    }

    Done verifyMac(Subject on, Item.Verify item) throws ProblemException {
        KeyVersion version =
                item.version() == null ? on.key().current() : on.key().version(item.version());
        byte[] given = Items.bytes(item.mac(), "mac", LARGEST_SIGNATURE);
        Attempt<byte[]> mac = provider.mac(on.by(version), Items.bytes(item.message(), "message", Items.LARGEST));
        return new Done(
                new Result.Verified(MessageDigest.isEqual(mac.value(), given), version.version()),
                version.version(),
                given,
                mac.requestIds());
    }

    private Done seal(Subject on, byte[] plaintext, Map<String, String> context, List<String> before)
            throws ProblemException {
        KeyVersion version = on.key().current();
        int room = on.key().algorithm().room();
        if (plaintext.length > room) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, "plaintext: " + on.key().algorithm() + " takes at most " + room + " bytes");
        }
        Attempt<byte[]> sealed =
                provider.encrypt(on.by(version), plaintext, associatedData(on.key(), version.version(), context));
        byte[] ciphertext = new Ciphertext(on.key().id(), version.version(), sealed.value()).bytes();
        List<String> attempts = before.isEmpty()
                ? sealed.requestIds()
                : Stream.concat(before.stream(), sealed.requestIds().stream()).toList();
        return new Done(
                new Result.Encrypted(Items.text(ciphertext), version.version()),
                version.version(),
                ciphertext,
                attempts);
    }

    private Attempt<byte[]> open(Subject on, Ciphertext ciphertext, Map<String, String> context)
            throws ProblemException {
        return provider.decrypt(
                on.by(on.key().version(ciphertext.version())),
                ciphertext.sealed(),
                associatedData(on.key(), ciphertext.version(), context));
    }

    /** What a public key encrypts, anyone can: no context is bound, and none may be asked for as if it were. */
    private static byte[] associatedData(Key key, int version, Map<String, String> context) throws ProblemException {
        if (key.algorithm().bindsContext()) {
            return Ciphertext.associatedData(key.id(), version, context);
        }
        if (!context.isEmpty()) {
            throw new ProblemException(Problem.INVALID_INPUT, "context: " + key.algorithm() + " binds none");
        }
        return new byte[0];
    }

    private static Ciphertext ciphertext(Key key, @Nullable String base64) throws ProblemException {
        return ciphertext(key, Items.bytes(base64, "ciphertext", LARGEST_CIPHERTEXT));
    }

    private static Ciphertext ciphertext(Key key, byte[] bytes) throws ProblemException {
        Ciphertext ciphertext = Ciphertext.parse(bytes);
        if (!ciphertext.keyId().equals(key.id())) {
            throw new ProblemException(Problem.NOT_DECRYPTABLE, "ciphertext: was made by another key");
        }
        return ciphertext;
    }

    private static SignatureScheme scheme(Key key, @Nullable String name) throws ProblemException {
        if (name == null) {
            return SignatureScheme.usual(key.algorithm());
        }
        for (SignatureScheme scheme : SignatureScheme.values()) {
            if (scheme.name().equals(name) && scheme.fits(key.algorithm())) {
                return scheme;
            }
        }
        throw new ProblemException(Problem.INVALID_INPUT, "scheme: is none that this key signs by");
    }
}
