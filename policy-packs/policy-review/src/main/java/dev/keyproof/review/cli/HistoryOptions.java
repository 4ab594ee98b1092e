package dev.keyproof.review.cli;

import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.LogHistory;
import dev.keyproof.review.history.PackHistory;
import dev.keyproof.review.history.SealedHistory;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where past operations are read from. */
final class HistoryOptions {
    @Option(names = "--replay", paramLabel = "PACK_OR_LOG", description = "a pack, or the folder of a log")
    private @Nullable Path replay;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "a trust file for the pack; may be given more than once")
    private List<Path> trust = List.of();

    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "bundles that a log's decisions cite; a pack brings its own")
    private @Nullable Path policies;

    /** Empty where none is named. */
    Optional<SealedHistory> history() throws ReviewException, HistoryException {
        if (replay == null) {
            return Optional.empty();
        }
        return Optional.of(Files.isDirectory(replay) ? LogHistory.of(replay, bundles()) : pack(replay));
    }

    private PackHistory pack(Path file) throws ReviewException {
        if (Files.notExists(file)) {
            throw new ReviewException(file + ": no such file");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry(PackHistory.MANIFEST) == null) {
                throw new ReviewException(file + " is no evidence pack");
            }
        } catch (ZipException e) {
            throw new ReviewException(file + " is no evidence pack", e);
        } catch (IOException e) {
            throw new ReviewException(file + " cannot be read: " + e.getMessage(), e);
        }
        return new PackHistory(file, anchor());
    }

    private @Nullable TrustFile anchor() throws ReviewException {
        TrustFile anchor = null;
        try {
            for (Path file : trust) {
                TrustFile read = TrustFile.parse(Files.readString(file));
                anchor = anchor == null ? read : anchor.and(read);
            }
            return anchor;
        } catch (UnreadableException | IOException e) {
            throw new ReviewException("the trust file cannot be read: " + e.getMessage(), e);
        }
    }

    private List<Path> bundles() throws ReviewException {
        if (policies == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(policies)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ReviewException("--policies: " + policies + " cannot be read", e);
        }
    }
}
