package dev.keyproof.evidence.http;

import com.sun.net.httpserver.Headers;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A year's log as static files (C2SP tlog-tiles): {@code checkpoint}, {@code tile/...}, {@code tile/entries/...}, and {@code
 * checkpoint.p7s}. Full tiles and
 * bundles never change and may be kept for ever, but only by the caller, who had to show a token; partial ones for a minute; the
 * checkpoint, which is the newest that enough witnesses cosigned where there are witnesses, is asked for anew each time. Entity tags, conditions and single byte ranges as in RFC 9110.
 */
final class TileFiles {
    private static final String FOR_EVER = "private, max-age=31536000, immutable";
    private static final String A_MINUTE = "private, max-age=60";
    private static final String EACH_TIME = "no-cache";
    private static final String CHECKPOINT = "checkpoint";
    private static final String CMS_TYPE = "application/pkcs7-signature";

    private final YearLogs logs;
    private final Witnesses witnesses;
    private final CheckpointCms cms;

    TileFiles(YearLogs logs, Witnesses witnesses, CheckpointCms cms) {
        this.cms = cms;
        this.logs = logs;
        this.witnesses = witnesses;
    }

    /** A file as it is now; empty if the log has none of that name, or not yet. */
    Optional<Answer> answer(int year, String path, String method, Headers asked) throws IOException, EvidenceException {
        if (!logs.all().containsKey(year)) {
            return Optional.empty();
        }
        boolean get = method.equals("GET");
        try {
            if (path.equals(CHECKPOINT) || path.equals(CheckpointCms.NAME)) {
                Optional<byte[]> checkpoint = checkpoint(year);
                if (checkpoint.isEmpty()) {
                    return Optional.empty();
                }
                return Optional.of(
                        path.equals(CHECKPOINT)
                                ? answer(checkpoint.get(), "text/plain; charset=utf-8", EACH_TIME, get, asked)
                                : answer(cms.over(year, checkpoint.get()), CMS_TYPE, EACH_TIME, get, asked));
            }
            TilePath tile = TilePath.parse(path);
            byte[] content = new TileFolder(logs.folder(year)).read(tile);
            return Optional.of(
                    answer(content, "application/octet-stream", tile.isPartial() ? A_MINUTE : FOR_EVER, get, asked));
        } catch (IllegalArgumentException | LogException e) {
            return Optional.empty();
        }
    }

    /** Who follows the log by its witnesses would not take a checkpoint without them. */
    private Optional<byte[]> checkpoint(int year) throws IOException {
        Optional<SignedHead> cosigned = witnesses.checkpoint(year);
        if (cosigned.isPresent()) {
            return cosigned.map(head -> head.note().bytes());
        }
        Path file = logs.folder(year).resolve(CHECKPOINT);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    private static Answer answer(byte[] content, String type, String caching, boolean get, Headers asked) {
        String tag = tag(content);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", tag);
        headers.put("Cache-Control", caching);
        headers.put("Accept-Ranges", "bytes");
        if (names(asked.get("If-None-Match"), tag)) {
            return new Answer(304, type, new byte[0], headers);
        }
        return switch (get ? Ranges.of(asked, tag, content.length) : Ranges.whole(content.length)) {
            case Ranges.Whole whole -> new Answer(200, type, content, headers);
            case Ranges.Part part -> {
                headers.put("Content-Range", part.header());
                yield new Answer(206, type, Arrays.copyOfRange(content, (int) part.from(), (int) part.to()), headers);
            }
            case Ranges.Beyond beyond -> {
                headers.put("Content-Range", beyond.header());
                yield new Answer(416, type, new byte[0], headers);
            }
        };
    }

    /** Whether a list of entity tags holds this one; weak ones count, as they do for reading. */
    private static boolean names(@Nullable List<String> lines, String tag) {
        return lines != null
                && lines.stream()
                        .flatMap(line -> Stream.of(line.split(",", -1)))
                        .map(String::strip)
                        .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
