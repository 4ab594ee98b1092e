package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedNote;
import dev.keyproof.verify.LogKey;
import java.security.GeneralSecurityException;
import java.util.List;

/** A log of an earlier year, of which nothing is left but its last head in the next year's log. */
public final class TestingYearEnd {
    private final String origin;
    private final TestingNoteSigner signer;

    public TestingYearEnd(String origin) {
        this.origin = origin;
        try {
            this.signer = new TestingNoteSigner(origin, TestingAuthority.keyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a trust file names it. */
    public LogKey key() {
        return LogKey.of(signer.verifier());
    }

    /** The next log's own entry on it, with the legal holds that it carries over. */
    public String entry(long size, ObjectNode... holds) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("class_uid", 6003);
        json.putObject("metadata").put("uid", "log-year-end-" + origin);
        json.putObject("api")
                .put("operation", "LogYearEnd")
                .putObject("service")
                .put("name", "evidence-service");
        ArrayNode carried = json.putObject("unmapped")
                .putObject("keyproof")
                .put("kind", "service")
                .putObject("detail")
                .putObject("yearEnd")
                .put("origin", origin)
                .put("size", size)
                .put("checkpoint", head(size))
                .putArray("holds");
        for (ObjectNode hold : holds) {
            carried.add(hold);
        }
        return json.toString();
    }

    private String head(long size) {
        try {
            Hash root = Hash.of(new byte[Hash.LENGTH]);
            return SignedNote.sign(new Checkpoint(origin, size, root).text(), List.of(signer))
                    .format();
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }
}
