package dev.keyproof.log.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Cosigns checkpoints by an Ed25519 key (C2SP tlog-cosignature, {@code cosignature/v1}): the signature says when it was made, and that
 * its maker saw no larger tree of that log and none that contradicts this one.
 */
public final class Cosigner extends KeySigner {
    private static final int SIGNATURE = 64;

    private final PrivateKey key;
    private final InstantSource clock;

    /**
     * A cosigner of that name.
     *
     * @throws NoteException if the name may not stand in a note, or the key is not Ed25519
     */
    public Cosigner(String name, PublicKey publicKey, PrivateKey key, InstantSource clock) throws NoteException {
        super(NoteVerifier.cosigner(name, publicKey));
        this.key = key;
        this.clock = clock;
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        long seconds = clock.instant().getEpochSecond();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(message(seconds, message));
        return ByteBuffer.allocate(Long.BYTES + SIGNATURE)
                .putLong(seconds)
                .put(signature.sign())
                .array();
    }

    /** What is signed in truth, and the signature over it. */
    record Timed(byte[] message, byte[] signature) {}

    /** Takes a cosignature apart; empty if it is none. */
    static Optional<Timed> timed(byte[] text, byte[] cosignature) {
        if (cosignature.length != Long.BYTES + SIGNATURE) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(cosignature);
        long seconds = bytes.getLong();
        if (seconds < 0) {
            return Optional.empty();
        }
        byte[] signature = new byte[SIGNATURE];
        bytes.get(signature);
        return Optional.of(new Timed(message(seconds, text), signature));
    }

    private static byte[] message(long seconds, byte[] text) {
        byte[] head = ("cosignature/v1\ntime " + seconds + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + text.length)
                .put(head)
                .put(text)
                .array();
    }
}
