package dev.keyproof.log.store;

import dev.keyproof.log.Immutability;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes segments immutable once they are whole and lie under a signed head, below which recovery never cuts. Where that is not permitted
 * the log goes on, and says so.
 */
public final class ImmutableSegments {
    private static final System.Logger LOG = System.getLogger(ImmutableSegments.class.getName());

    private final StoreLayout layout;
    private final boolean asked;
    private long covered;
    private long signed;
    private @Nullable FileFlags flags;
    private @Nullable String trouble;

    public ImmutableSegments(StoreLayout layout, boolean asked) {
        this.layout = layout;
        this.asked = asked;
    }

    /** A head over so many entries is signed. */
    public synchronized void signed(long size) {
        signed = size;
        while (asked && trouble == null && covered + StoreLayout.SEGMENT_ENTRIES <= size) {
            try {
                flags().immutable(layout.segment(covered), true);
                covered += StoreLayout.SEGMENT_ENTRIES;
            } catch (IOException e) {
                trouble = e.getMessage();
                LOG.log(System.Logger.Level.WARNING, "segments are not made immutable: " + e.getMessage());
            }
        }
    }

    private FileFlags flags() {
        FileFlags known = flags;
        if (known == null) {
            known = new FileFlags();
            flags = known;
        }
        return known;
    }

    /** Looks at the segments as they are. */
    public synchronized Immutability state() {
        long whole = signed / StoreLayout.SEGMENT_ENTRIES;
        String fault = trouble;
        long immutable = 0;
        try {
            for (long i = 0; i < whole; i++) {
                immutable += flags().isImmutable(layout.segment(i * StoreLayout.SEGMENT_ENTRIES)) ? 1 : 0;
            }
        } catch (IOException e) {
            fault = fault == null ? e.getMessage() : fault;
        }
        return new Immutability(asked, whole, immutable, Optional.ofNullable(fault));
    }

    /**
     * Lets the segments of a store be changed and deleted again.
     *
     * @return how many had been immutable
     * @throws LogException if it is not permitted
     */
    public static int release(StoreLayout layout) throws LogException {
        if (!Files.isDirectory(layout.segments())) {
            return 0;
        }
        try (Stream<Path> segments = Files.list(layout.segments())) {
            FileFlags flags = new FileFlags();
            int released = 0;
            List<Path> files = segments.toList();
            for (Path file : files) {
                if (flags.isImmutable(file)) {
                    flags.immutable(file, false);
                    released++;
                }
            }
            return released;
        } catch (IOException e) {
            throw new LogException("cannot release the segments in " + layout.segments() + ": " + e.getMessage(), e);
        }
    }
}
