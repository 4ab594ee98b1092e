package dev.keyproof.collector.cloudtrail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How far one file is read. A file is known by its digest; path, size and time of change save reading it again to learn that.
 *
 * @param path relative to the folder
 * @param size bytes of the file
 * @param modified milliseconds since the epoch
 * @param next index of the first record not yet given out
 * @param tail offset from which its damaged rest is still to be set aside, -1 if none
 */
record ObjectPosition(
        String path,
        long size,
        long modified,
        long next,
        long tail,
        boolean done,
        long published,
        long quarantined,
        long ignored) {

    static ObjectPosition fresh(String path, long size, long modified) {
        return new ObjectPosition(path, size, modified, 0, -1, false, 0, 0, 0);
    }

    ObjectPosition after(long record, long events, long aside, long foreign) {
        return new ObjectPosition(
                path, size, modified, record, tail, done, published + events, quarantined + aside, ignored + foreign);
    }

    ObjectPosition withTail(long offset) {
        return new ObjectPosition(path, size, modified, next, offset, done, published, quarantined, ignored);
    }

    ObjectPosition finished() {
        return new ObjectPosition(path, size, modified, next, -1, true, published, quarantined, ignored);
    }

    boolean sameFile(long otherSize, long otherModified) {
        return size == otherSize && modified == otherModified;
    }

    ObjectNode json(ObjectMapper mapper) {
        return mapper.valueToTree(this);
    }

    static ObjectPosition of(ObjectNode json) {
        return new ObjectPosition(
                json.path("path").asText(),
                json.path("size").asLong(),
                json.path("modified").asLong(),
                json.path("next").asLong(),
                json.path("tail").asLong(-1),
                json.path("done").asBoolean(),
                json.path("published").asLong(),
                json.path("quarantined").asLong(),
                json.path("ignored").asLong());
    }
}
