package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.key.Key;
import dev.keyproof.event.Resource;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What the record says of the items of a call. */
final class Tally {
    private final MessageDigest digests = Digest.sha256();
    private final List<String> attempts = new ArrayList<>();
    private int version;
    private int failed;

    void add(Done done) {
        digests.update(Digest.sha256(done.open()));
        attempts.addAll(done.attempts());
        version = Math.max(version, done.version());
    }

    /** One that has no ids of attempts. */
    void add(byte[] open, int itsVersion) {
        digests.update(Digest.sha256(open));
        version = Math.max(version, itsVersion);
    }

    void fail() {
        failed++;
    }

    void describe(Draft draft, Key key, int items) {
        draft.detail().put("digest", "sha256:" + HexFormat.of().formatHex(digests.digest()));
        if (items > 0) {
            draft.count(items);
            draft.detail().put("items", items).put("failed", failed);
        }
        if (!attempts.isEmpty()) {
            ArrayNode ids = draft.detail().putArray("attempts");
            attempts.forEach(ids::add);
        }
        if (version > 0) {
            draft.on(Resource.key(key.id(), Integer.toString(version), null));
        }
    }
}
