package dev.keyproof.pkcs11;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small value kept in the token as private data objects (CKO_DATA), read from the token each time. A new value is a new object
 * with the next sequence number and a digest over both; the object before it stays until the one after it, so that a process or a
 * machine that dies in the midst leaves one that is whole. Whoever replaces says what it saw last: of two processes with one token,
 * or a clone of it that is seen here, at most one succeeds. Thread-safe.
 *
 * <p>How soon a value survives a loss of power is the token's affair. SoftHSM leaves it to the file system.
 */
public final class TokenData {
    private static final String APPLICATION = "keyproof";
    private static final int DIGEST = 32;
    private static final int PREFIX = Long.BYTES + DIGEST;

    private final Shard shard;
    private final String label;

    TokenData(Shard shard, String label) {
        this.shard = shard;
        this.label = label;
    }

    /** A value and its number, counted from 1. */
    public record Value(long sequence, byte[] bytes) {}

    private record Stored(long object, Value value) {}

    /**
     * The value now; empty if there never was one.
     *
     * @throws TokenException if objects are there but none is whole, or two claim to be the last
     */
    public Optional<Value> read() throws TokenException {
        return shard.natively((module, session) -> last(stored(module, session)));
    }

    /**
     * Puts a value in the place of the one with number {@code seen}, 0 for none.
     *
     * @throws TokenException.Overtaken if another is there by now; nothing was replaced
     */
    public Value replace(long seen, byte[] bytes) throws TokenException {
        Value next = new Value(seen + 1, bytes.clone());
        return shard.natively((module, session) -> {
            requireLast(last(stored(module, session)), seen);
            long made = module.createObject(
                    session,
                    search().flag(Ck.ON_TOKEN, true)
                            .flag(Ck.PRIVATE, true)
                            .bytes(Ck.VALUE, encode(next))
                            .flag(Ck.MODIFIABLE, false));
            List<Stored> all = stored(module, session);
            if (all.stream().anyMatch(one -> one.object != made && one.value.sequence() >= next.sequence())) {
                module.destroyObject(session, made);
                throw overtaken();
            }
            for (Stored one : all) {
                if (one.value.sequence() < seen) {
                    module.destroyObject(session, one.object);
                }
            }
            return next;
        });
    }

    private void requireLast(Optional<Value> last, long seen) throws TokenException.Overtaken {
        if (last.map(Value::sequence).orElse(0L) != seen) {
            throw overtaken();
        }
    }

    private TokenException.Overtaken overtaken() {
        return new TokenException.Overtaken("Another process replaced \"" + label + "\" in the token meanwhile.");
    }

    private Template search() {
        return new Template()
                .number(Ck.CLASS, Ck.DATA)
                .text(Ck.APPLICATION, APPLICATION)
                .text(Ck.LABEL, label);
    }

    /** What is whole, in the order of its numbers. */
    private List<Stored> stored(Cryptoki module, long session) throws TokenException {
        List<Stored> whole = new ArrayList<>();
        int torn = 0;
        for (long object : module.find(session, search())) {
            Optional<Value> value = decode(module.attributes(session, object, Ck.VALUE));
            if (value.isPresent()) {
                whole.add(new Stored(object, value.get()));
            } else {
                torn++;
            }
        }
        if (whole.isEmpty() && torn > 0) {
            throw new TokenException("What the token keeps as \"" + label
                    + "\" is damaged: restore the token's folder from its newest copy.");
        }
        whole.sort(Comparator.comparingLong(one -> one.value.sequence()));
        return whole;
    }

    private Optional<Value> last(List<Stored> all) throws TokenException {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Value last = all.getLast().value;
        if (all.size() > 1
                && all.get(all.size() - 2).value.sequence() == last.sequence()
                && !Arrays.equals(all.get(all.size() - 2).value.bytes(), last.bytes())) {
            throw new TokenException("Two processes wrote \"" + label + "\" into the token at once, each as number "
                    + last.sequence() + ": stop one for good and restore the token's folder.");
        }
        return Optional.of(last);
    }

    private static byte[] encode(Value value) {
        byte[] numbered = ByteBuffer.allocate(Long.BYTES + value.bytes().length)
                .putLong(value.sequence())
                .put(value.bytes())
                .array();
        return ByteBuffer.allocate(DIGEST + numbered.length)
                .put(digest(numbered))
                .put(numbered)
                .array();
    }

    private static Optional<Value> decode(Map<Long, byte[]> attributes) {
        byte[] stored = attributes.getOrDefault(Ck.VALUE, new byte[0]);
        if (stored.length < PREFIX) {
            return Optional.empty();
        }
        byte[] numbered = Arrays.copyOfRange(stored, DIGEST, stored.length);
        if (!MessageDigest.isEqual(digest(numbered), Arrays.copyOf(stored, DIGEST))) {
            return Optional.empty();
        }
        return Optional.of(new Value(
                ByteBuffer.wrap(numbered).getLong(), Arrays.copyOfRange(numbered, Long.BYTES, numbered.length)));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
