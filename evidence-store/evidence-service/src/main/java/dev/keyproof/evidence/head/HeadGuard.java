package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Remembers, apart from the log, the last head that was signed, and lets nothing be signed that is smaller or another tree of the
 * same size: an older copy of the log's folder is refused. One file a year, beside the token. Thread-safe.
 */
public final class HeadGuard {
    private final Path folder;
    private final Map<String, Checkpoint> last = new HashMap<>();

    /** Reads what was signed last. */
    public HeadGuard(Path folder) throws EvidenceException {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".head")).toList()) {
                    Checkpoint head = Checkpoint.parse(Files.readString(file));
                    last.put(head.origin(), head);
                }
            }
        } catch (IOException | NoteException e) {
            throw new EvidenceException("the last signed head in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Size of the last signed head of each year's log. */
    public Map<Integer, Long> sizes() {
        Map<Integer, Long> sizes = new TreeMap<>();
        synchronized (last) {
            last.forEach((origin, head) -> sizes.put(year(origin), head.size()));
        }
        return sizes;
    }

    /** Refuses a log that does not lead to the head signed last; {@code roots} are its roots at {@link #sizes}. */
    public void requireSame(Map<Integer, Hash> roots) throws EvidenceException {
        synchronized (last) {
            for (Checkpoint head : last.values()) {
                Hash root = roots.get(year(head.origin()));
                if (root == null || !root.equals(head.root())) {
                    throw new EvidenceException("the log " + head.origin() + " is not the one whose head of "
                            + head.size() + " entries was signed: it is older, or another; restore the right folder");
                }
            }
        }
    }

    /** A signer that asks here first. The head is on disk before it is signed. */
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

    private void admit(byte[] message) throws SignatureException {
        try {
            Checkpoint next = Checkpoint.parse(new String(message, StandardCharsets.UTF_8));
            synchronized (last) {
                Optional<Checkpoint> before = Optional.ofNullable(last.get(next.origin()));
                if (before.isPresent()
                        && (next.size() < before.get().size()
                                || (next.size() == before.get().size()
                                        && !next.root().equals(before.get().root())))) {
                    throw new SignatureException("a head of " + before.get().size() + " entries was signed before; "
                            + next.size() + " would go back");
                }
                if (before.isEmpty() || next.size() > before.get().size()) {
                    DurableFiles.write(folder.resolve(year(next.origin()) + ".head"), message);
                    last.put(next.origin(), next);
                }
            }
        } catch (NoteException | IOException e) {
            throw new SignatureException("the head cannot be remembered: " + e.getMessage(), e);
        }
    }

    private static int year(String origin) {
        return Integer.parseInt(origin.substring(origin.lastIndexOf('/') + 1));
    }
}
