package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Last heads of earlier years' logs among the entries: that those logs were, how long and with which root, though nobody keeps them any more. */
final class YearEnds {
    private final List<End> ends = new ArrayList<>();

    /**
     * What an entry of the log's own says.
     *
     * @param dropped how it was dropped; empty if the entry only says how it ended
     */
    private record End(String file, long index, String origin, long size, String note, Optional<String> dropped) {}

    /** Takes an entry that the log itself made. */
    void add(Entry entry, JsonNode json, String file) {
        JsonNode end = json.path("unmapped").path("keyproof").path("detail").path("yearEnd");
        if (end.isObject()) {
            ends.add(new End(
                    file,
                    entry.index(),
                    end.path("origin").asText(),
                    end.path("size").asLong(-1),
                    end.path("checkpoint").asText(),
                    Optional.empty()));
        }
        JsonNode drop = json.path("unmapped").path("keyproof").path("detail").path("yearDrop");
        if (drop.path("phase").asText().equals("DONE")) {
            String note = drop.path("checkpoint").asText();
            ends.add(new End(
                    file,
                    entry.index(),
                    drop.path("origin").asText(),
                    size(note),
                    note,
                    Optional.of("was dropped whole at the wish of "
                            + drop.path("by").asText() + ", having been kept until "
                            + drop.path("ends").asText())));
        }
    }

    /** What no head says is refused where it is checked. */
    private static long size(String note) {
        try {
            return SignedHead.parse(note).size();
        } catch (NoteException e) {
            return -1;
        }
    }

    /**
     * Checks each, and notes what it proves.
     *
     * @param logs those that the pack holds; one of them that ended must have ended so
     */
    void check(List<Manifest.Log> logs, TrustFile anchor, Faults faults, Tally tally) throws BrokenPackException {
        for (End end : ends) {
            faults.passes(() -> {
                requireAlike(end);
                tally.note(proof(end, logs, anchor));
            });
        }
    }

    /** What is dropped must have been what ended. */
    private void requireAlike(End end) throws BrokenPackException {
        if (end.dropped.isPresent()
                && ends.stream()
                        .anyMatch(other -> other.origin.equals(end.origin)
                                && !text(other.note).equals(text(end.note)))) {
            throw fault(end, "says that " + end.origin + " was dropped, with another head than it ended with");
        }
    }

    /** A head without its signatures, of which more may be there later. */
    private static String text(String note) {
        return note.substring(0, note.indexOf("\n\n") + 1);
    }

    private static String proof(End end, List<Manifest.Log> logs, TrustFile anchor) throws BrokenPackException {
        SignedHead head;
        List<NoteVerifier> signers;
        List<NoteVerifier> keys = anchor.logKeys().stream()
                .filter(key -> key.until() >= end.size)
                .map(LogKey::verifier)
                .filter(key -> key.name().equals(end.origin))
                .toList();
        try {
            head = SignedHead.parse(end.note);
            signers = keys.isEmpty() ? List.of() : head.note().verifiedBy(keys);
        } catch (NoteException e) {
            throw fault(end, "the last head of " + end.origin + ": " + e.getMessage());
        }
        if (!head.checkpoint().origin().equals(end.origin) || head.size() != end.size) {
            throw fault(end, "the last head of " + end.origin + " is of another log or size than the entry says");
        }
        Optional<Manifest.Log> held = logs.stream()
                .filter(log -> log.origin().equals(end.origin) && log.size() >= end.size)
                .findFirst();
        if (held.isPresent()
                && held.get().size() == end.size
                && !Arrays.equals(held.get().root(), head.checkpoint().root().bytes())) {
            throw fault(
                    end, "says that " + end.origin + " ended with another root than the pack's log has at that size");
        }
        if (held.isPresent() && held.get().size() > end.size) {
            throw fault(end, "says that " + end.origin + " ended at " + end.size + " entries, and the pack holds more");
        }
        return String.format(
                Locale.ROOT,
                "The log %s %s with %,d entries and the root %s: its last head is %s %d here, %s.",
                end.origin,
                end.dropped.map(how -> how + ",").orElse("ended"),
                end.size,
                head.checkpoint().root().base64(),
                end.dropped.isPresent() ? "in entry" : "entry",
                end.index,
                signers.isEmpty()
                        ? "and no trust file names a key of that log"
                        : "signed by " + signers.size() + " of its keys that the trust file names");
    }

    private static BrokenPackException fault(End end, String sentence) {
        return BrokenPackException.at(Reason.YEAR_END_FALSE, end.file, "entry " + end.index, sentence);
    }
}
