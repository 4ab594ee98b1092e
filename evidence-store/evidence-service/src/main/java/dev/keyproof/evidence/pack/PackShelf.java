package dev.keyproof.evidence.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The packs on disk, each by the digest of its bytes: one that is built again takes the place of the other. Thread-safe. */
public final class PackShelf {
    private static final int BUFFER = 64 << 10;

    private final Path folder;
    private final Map<Path, Kept> seen = new ConcurrentHashMap<>();

    public PackShelf(Path folder) {
        this.folder = folder;
    }

    /** A pack; {@code sha256} in hex. */
    public record Kept(Path file, String sha256, long size, Instant made) {}

    /** All of them, by name. */
    public List<Kept> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".zip"))
                    .sorted()
                    .toList();
        }
        seen.keySet().retainAll(files);
        List<Kept> packs = new ArrayList<>();
        for (Path file : files) {
            packs.add(of(file));
        }
        return packs;
    }

    /** The pack with this digest. */
    public Optional<Kept> find(String sha256) throws IOException {
        return all().stream().filter(kept -> kept.sha256().equals(sha256)).findFirst();
    }

    /** Whether the file is the same pack still. */
    public boolean isThere(Kept kept) throws IOException {
        return Files.exists(kept.file()) && of(kept.file()).equals(kept);
    }

    /** Read once, and again when it is another. */
    public Kept of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Kept before = seen.get(file);
        if (before != null
                && before.size() == now.size()
                && before.made().equals(now.lastModifiedTime().toInstant())) {
            return before;
        }
        Kept kept =
                new Kept(file, digest(file), now.size(), now.lastModifiedTime().toInstant());
        seen.put(file, kept);
        return kept;
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
