package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies what lies beside the logs: the ciphertexts of artifacts, policy bundles, and the certificates of the signers. The keys of
 * artifacts are never copied: an artifact is erased by its key, and nothing in a locked bucket could be. One thread at a time.
 */
final class CopiedFiles {
    static final Predicate<String> ARTIFACT = name -> name.matches("[0-9a-f]{64}(\\.tar\\.gz)?");
    static final Predicate<String> CERTIFICATES = name -> name.matches("(signer|log-signer(-[0-9]+)?)\\.pem");

    private final Bucket bucket;
    private final Depositor depositor;
    private final Path home;
    /** Folders as they were when they were copied last. A file that comes into one changes it. */
    private final Map<String, FileTime> done = new HashMap<>();

    CopiedFiles(Bucket bucket, Depositor depositor, Path home) {
        this.bucket = bucket;
        this.depositor = depositor;
        this.home = home;
    }

    /** Copies what is new. */
    void round() throws EvidenceException {
        folder(Layout.EVIDENCE, CERTIFICATES);
        for (String shard : names(Layout.ARTIFACTS)) {
            folder(Layout.ARTIFACTS + shard + "/", ARTIFACT);
        }
    }

    private void folder(String prefix, Predicate<String> wanted) throws EvidenceException {
        Path folder = home.resolve(prefix);
        try {
            if (!Files.isDirectory(folder)) {
                return;
            }
            FileTime changed = Files.getLastModifiedTime(folder);
            if (changed.equals(done.get(prefix))) {
                return;
            }
            Set<String> there = new HashSet<>();
            bucket.versions(prefix, version -> there.add(version.key()));
            for (String name : names(prefix)) {
                // By its digest an artifact is never another; a certificate may be made anew under its name.
                if (wanted.test(name) && !(ARTIFACT.test(name) && there.contains(prefix + name))) {
                    depositor.put(prefix + name, Files.readAllBytes(folder.resolve(name)));
                }
            }
            done.put(prefix, changed);
        } catch (IOException e) {
            throw new EvidenceException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private List<String> names(String prefix) throws EvidenceException {
        Path folder = home.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new EvidenceException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
