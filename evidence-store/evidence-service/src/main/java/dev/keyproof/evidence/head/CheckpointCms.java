package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.DetachedCms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The detached CMS copy of a checkpoint ({@code checkpoint.p7s}), for whoever has OpenSSL and no C2SP verifier: by the log's own ECDSA
 * key, over the bytes of the checkpoint's file, the certificates embedded up to the pack signer's root. Made only of a head that the
 * same key has signed as a note. Thread-safe.
 */
public final class CheckpointCms {
    /** Name of the file beside {@code checkpoint}. */
    public static final String NAME = "checkpoint.p7s";

    private final SealToken keys;
    private final X509Certificate root;
    private final Path folder;
    private final String name;
    private final Clock clock;
    private final Map<Integer, Made> made = new ConcurrentHashMap<>();
    private final Map<Integer, List<X509Certificate>> chains = new ConcurrentHashMap<>();

    private record Made(byte[] checkpoint, byte[] cms) {}

    /** Certificates are kept in {@code folder}; {@code root} is the pack signer's. */
    public CheckpointCms(SealToken keys, X509Certificate root, Path folder, String name, Clock clock) {
        this.keys = keys;
        this.root = root;
        this.folder = folder;
        this.name = name;
        this.clock = clock;
    }

    /** The copy for a checkpoint of a year's log; the one made last is kept. */
    public byte[] over(int year, byte[] checkpoint) throws EvidenceException {
        Made last = made.get(year);
        if (last != null && Arrays.equals(last.checkpoint, checkpoint)) {
            return last.cms.clone();
        }
        int generation = signer(checkpoint);
        byte[] signature = keys.signLog(generation, DetachedCms.toBeSigned(checkpoint));
        byte[] cms = DetachedCms.encode(checkpoint, chain(generation), signature);
        made.put(year, new Made(checkpoint.clone(), cms));
        return cms.clone();
    }

    /** The certificates with which {@link #over} signs a checkpoint, leaf first. */
    public List<X509Certificate> chain(byte[] checkpoint) throws EvidenceException {
        return chain(signer(checkpoint));
    }

    /** Certifies the key of a generation. */
    X509Certificate certificate(int generation) throws EvidenceException {
        return chain(generation).getFirst();
    }

    /** Writes the copy for a published head beside it. */
    void keep(Path log, int year, SignedHead head) throws EvidenceException {
        byte[] checkpoint = head.note().bytes();
        Made last = made.get(year);
        if (last != null && Arrays.equals(last.checkpoint, checkpoint)) {
            return;
        }
        try {
            DurableFiles.write(log.resolve(NAME), over(year, checkpoint));
        } catch (IOException e) {
            throw new EvidenceException("cannot write " + log.resolve(NAME) + ": " + e.getMessage(), e);
        }
    }

    /** The newest generation that signed a checkpoint. */
    private int signer(byte[] checkpoint) throws EvidenceException {
        try {
            List<Integer> signers = keys.signersOf(SignedHead.parse(new String(checkpoint, StandardCharsets.UTF_8)));
            if (signers.isEmpty()) {
                throw new EvidenceException("the checkpoint was not signed by this token; no CMS is made of it");
            }
            return signers.getLast();
        } catch (NoteException e) {
            throw new EvidenceException("not a checkpoint: " + e.getMessage(), e);
        }
    }

    /** One thread at a time: who publishes and who packs would each make certificates of the same generation, in the same file. */
    private synchronized List<X509Certificate> chain(int generation) throws EvidenceException {
        List<X509Certificate> known = chains.get(generation);
        if (known == null) {
            String file = generation == 1 ? "log-signer.pem" : "log-signer-" + generation + ".pem";
            known = keys.logChain(generation).under(root, folder.resolve(file), name, clock.instant());
            chains.put(generation, known);
        }
        return known;
    }
}
