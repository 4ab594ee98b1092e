package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.pkcs11.TokenData;
import dev.keyproof.pkcs11.TokenException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last signed head of each year's log, kept in the token that signs. At start it is compared with the log's own head and with the
 * tree: an older copy of the log's folder, or another log, is refused. Before each signature it is read again: if anybody else set
 * it meanwhile (a second process on a copy of the folder), or the new head would go back, nothing is signed. It stands in the token
 * before the signature is made. Thread-safe.
 */
public final class HeadGuard {
    private static final Logger LOG = LoggerFactory.getLogger(HeadGuard.class);

    private final TokenData kept;
    private final SealToken keys;
    private final Map<String, Checkpoint> last = new TreeMap<>();
    private long sequence;

    /** Reads what was signed last. */
    public HeadGuard(SealToken keys, String name) throws EvidenceException {
        this.keys = keys;
        this.kept = keys.heads(name);
        try {
            Optional<TokenData.Value> value = kept.read();
            if (value.isPresent()) {
                last.putAll(decode(value.get().bytes()));
                sequence = value.get().sequence();
            }
        } catch (TokenException | NoteException e) {
            throw new EvidenceException("the last signed head in the token cannot be read: " + e.getMessage(), e);
        }
    }

    /** Size of the last signed head of each year's log. */
    public synchronized Map<Integer, Long> sizes() {
        Map<Integer, Long> sizes = new TreeMap<>();
        last.forEach((origin, head) -> sizes.put(year(origin), head.size()));
        return sizes;
    }

    /**
     * Refuses logs that do not lead to the heads signed last. A log whose own head is newer than the token's, and signed by the token,
     * takes the token along: there is nothing behind it that could be signed twice.
     *
     * @param roots of each year's log at {@link #sizes}
     */
    public synchronized void requireSame(Map<Integer, Hash> roots, YearLogs logs) throws EvidenceException {
        for (Checkpoint head : last.values()) {
            Hash root = roots.get(year(head.origin()));
            if (root == null || !root.equals(head.root())) {
                throw new EvidenceException("the log " + head.origin() + " is not the one whose head of " + head.size()
                        + " entries was signed: it is older, or another; restore the right folder");
            }
        }
        for (SealedLog log : logs.all().values()) {
            Optional<SignedHead> signed = log.lastHead();
            if (signed.isPresent()) {
                requireOurs(signed.get());
                Checkpoint before = last.get(log.origin());
                if (before == null || before.size() < signed.get().size()) {
                    LOG.warn(
                            "event=token-behind-log origin={} size={}",
                            log.origin(),
                            signed.get().size());
                    remember(signed.get().checkpoint());
                }
            }
        }
    }

    private void requireOurs(SignedHead head) throws EvidenceException {
        String origin = head.checkpoint().origin();
        if (!keys.signersOf(head).isEmpty()) {
            return;
        }
        throw new EvidenceException("the head of " + origin + " over " + head.size()
                + " entries was not signed by the keys of this token: restore the token that belongs to the log");
    }

    private void remember(Checkpoint head) throws EvidenceException {
        try {
            keep(head);
        } catch (TokenException e) {
            throw new EvidenceException("the token cannot keep the last signed head: " + e.getMessage(), e);
        }
    }

    private void keep(Checkpoint head) throws TokenException {
        Map<String, Checkpoint> next = new TreeMap<>(last);
        next.put(head.origin(), head);
        sequence = kept.replace(sequence, encode(next)).sequence();
        last.put(head.origin(), head);
    }

    /** A signer that asks here first. The head is in the token before it is signed. */
    NoteSigner guarding(NoteSigner signer) {
        return new NoteSigner() {
            @Override
            public String name() {
                return signer.name();
            }

            @Override
            public int keyId() {
                return signer.keyId();
            }

            @Override
            public byte type() {
                return signer.type();
            }

            @Override
            public byte[] sign(byte[] message) throws GeneralSecurityException {
                admit(message);
                return signer.sign(message);
            }
        };
    }

    private synchronized void admit(byte[] message) throws SignatureException {
        try {
            Checkpoint next = Checkpoint.parse(new String(message, StandardCharsets.UTF_8));
            Optional<TokenData.Value> now = kept.read();
            if (now.map(TokenData.Value::sequence).orElse(0L) != sequence
                    || (now.isPresent() && !decode(now.get().bytes()).equals(last))) {
                throw new SignatureException(
                        "the last signed head in the token is not the one that this process put"
                                + " there: another process signs with it, or the token was put back; stop the other and restart");
            }
            Checkpoint before = last.get(next.origin());
            if (before != null
                    && (next.size() < before.size()
                            || (next.size() == before.size() && !next.root().equals(before.root())))) {
                throw new SignatureException("a head of " + before.size() + " entries was signed before; one of "
                        + next.size() + " would be another history");
            }
            if (before == null || next.size() > before.size()) {
                keep(next);
            }
        } catch (NoteException | TokenException e) {
            throw new SignatureException("the head cannot be remembered: " + e.getMessage(), e);
        }
    }

    /** Checkpoints without signatures, an empty line between them. */
    private static byte[] encode(Map<String, Checkpoint> heads) {
        return String.join("\n", heads.values().stream().map(Checkpoint::text).toList())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Checkpoint> decode(byte[] kept) throws NoteException {
        Map<String, Checkpoint> heads = new TreeMap<>();
        for (String text : new String(kept, StandardCharsets.UTF_8).split("\n\n", -1)) {
            Checkpoint head = Checkpoint.parse(text.endsWith("\n") ? text : text + "\n");
            heads.put(head.origin(), head);
        }
        return heads;
    }

    private static int year(String origin) {
        return Integer.parseInt(origin.substring(origin.lastIndexOf('/') + 1));
    }
}
