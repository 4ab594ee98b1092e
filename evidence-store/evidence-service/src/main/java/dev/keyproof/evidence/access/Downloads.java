package dev.keyproof.evidence.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Downloads under way: each has a record when it begins and one when it ends, because all of it was sent or because its link ended. Thread-safe. */
public final class Downloads {
    private final Map<Key, Download> open = new HashMap<>();

    Downloads() {}

    private record Key(String caller, String pack, Instant until) {}

    /** Is told what was sent. */
    @FunctionalInterface
    public interface Part {
        void sent(long from, long bytes);
    }

    synchronized Download of(
            Admission admission,
            String pack,
            long size,
            Instant until,
            Function<ObjectNode, CompletableFuture<Void>> seal) {
        Download download = open.computeIfAbsent(new Key(admission.caller().id(), pack, until), key -> {
            ObjectNode begun = JsonNodeFactory.instance.objectNode();
            begun.put("pack", pack).put("size", size).put("until", until.toString());
            return new Download(key, admission, size, seal.apply(begun));
        });
        download.underWay++;
        return download;
    }

    synchronized void drop(Download download) {
        open.remove(download.key, download);
    }

    /** Counts what was sent; what is returned is the record of the end, if that was the last of it. */
    synchronized Optional<ObjectNode> sent(Download download, long from, long bytes) {
        download.underWay--;
        download.add(from, bytes);
        return download.isWhole() && open.remove(download.key, download)
                ? Optional.of(download.json())
                : Optional.empty();
    }

    /** Those whose link has ended, or all; they are under way no more. */
    synchronized List<Download> over(Instant now, boolean all) {
        List<Download> over = new ArrayList<>();
        for (Iterator<Download> each = open.values().iterator(); each.hasNext(); ) {
            Download download = each.next();
            if (all || (download.underWay == 0 && now.isAfter(download.key.until()))) {
                each.remove();
                over.add(download);
            }
        }
        return over;
    }

    /** One download. */
    static final class Download {
        private final Key key;
        private final Admission admission;
        private final long size;
        private final CompletableFuture<Void> begun;
        /** What was sent, from and to, exclusive; none touches another. */
        private final TreeMap<Long, Long> parts = new TreeMap<>();

        private int underWay;
        private long bytes;

        private Download(Key key, Admission admission, long size, CompletableFuture<Void> begun) {
            this.key = key;
            this.admission = admission;
            this.size = size;
            this.begun = begun;
        }

        Admission admission() {
            return admission;
        }

        CompletableFuture<Void> begun() {
            return begun;
        }

        private void add(long from, long sent) {
            bytes += sent;
            long start = from;
            long end = from + sent;
            for (Map.Entry<Long, Long> near = parts.floorEntry(end);
                    near != null && near.getValue() >= start;
                    near = parts.floorEntry(end)) {
                start = Math.min(start, near.getKey());
                end = Math.max(end, near.getValue());
                parts.remove(near.getKey());
            }
            if (end > start) {
                parts.put(start, end);
            }
        }

        private boolean isWhole() {
            return parts.size() == 1
                    && parts.firstKey() == 0
                    && parts.firstEntry().getValue() >= size;
        }

        ObjectNode json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("pack", key.pack())
                    .put("size", size)
                    .put("bytes", bytes)
                    .put("completed", isWhole());
        }
    }
}
