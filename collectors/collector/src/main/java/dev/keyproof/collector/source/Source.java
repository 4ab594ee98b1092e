package dev.keyproof.collector.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * One origin. All calls but {@link #state} come from one thread. After {@link #next} gave a batch the source goes on as if it
 * were published; when it was not, {@link #restore} says where to go on from.
 */
public interface Source extends AutoCloseable {
    /** The name it is known by in health and logs, unique in a collector. */
    String name();

    /**
     * Goes on from the published positions; whatever was given out and is not in them is given out again, the same bytes.
     * Positions of other sources are ignored.
     */
    void restore(Map<String, ObjectNode> published);

    /**
     * What comes next, at most about {@code maxRecords}; empty if there is nothing at present.
     *
     * @throws SourceException if the origin cannot be read now; the next call tries again
     */
    Batch next(int maxRecords) throws SourceException;

    /**
     * Brings the lag in {@link #state} up to date and gives nothing out: for the time in which nothing can be published.
     *
     * @throws SourceException as {@link #next}
     */
    void look() throws SourceException;

    /** What health tells about it. Any thread. */
    SourceState state();

    @Override
    void close();
}
