package dev.keyproof.witness;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;

/** A real log with a key in memory. */
final class TestingLog implements AutoCloseable, NoteSigner {
    static final String ORIGIN = "example.com/log";

    final SealedLog log;
    private final KeyPair pair;

    TestingLog(Path dir, KeyPair pair) throws LogException {
        this.log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS);
        this.pair = pair;
    }

    static KeyPair pair() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    NoteVerifier verifier() throws LogException {
        return NoteVerifier.of(ORIGIN, pair.getPublic());
    }

    SignedHead grow(String what, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            log.append(List.of((what + i).getBytes(StandardCharsets.UTF_8)), new byte[0])
                    .get();
        }
        return log.publish(List.of(this));
    }

    /** A submission of the last head, from a size that the witness is believed to have. */
    byte[] submission(long old) throws LogException {
        SignedHead head = log.lastHead().orElseThrow();
        StringBuilder body = new StringBuilder("old " + old + "\n");
        if (old < head.size()) {
            for (Hash hash : log.consistencyProof(old, head.size()).path()) {
                body.append(hash.base64()).append('\n');
            }
        }
        return body.append('\n').append(head.note().format()).toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name() {
        return ORIGIN;
    }

    @Override
    public int keyId() {
        return NoteKey.id(ORIGIN, pair.getPublic());
    }

    @Override
    public byte type() {
        return NoteKey.ED25519;
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }

    @Override
    public void close() throws LogException {
        log.close();
    }
}
