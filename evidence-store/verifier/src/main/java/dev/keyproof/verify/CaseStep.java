package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * An entry of the log's own: one thing that was done in an auditor's case.
 *
 * @param id the case's, which says nothing of it
 * @param previous the leaf of the case's step before, so that none can be left out; none for the first
 */
public record CaseStep(String id, Optional<Hash> previous, Act act) {
    /** The operation by which these entries go. */
    public static final String OPERATION = "LogCase";

    /** Of the uids of these entries. */
    public static final String UID_PREFIX = "log-case-";

    /** Whatever does not hold this is something else, and need not be parsed. */
    private static final byte[] MARK = OPERATION.getBytes(StandardCharsets.US_ASCII);

    /** What was done. */
    public sealed interface Act {
        /** As entries name it. */
        String name();

        /** The entry that it brings into the case. */
        default Optional<Attached> brings() {
            return Optional.empty();
        }
    }

    /** The case was opened: always the first step. */
    public record Opened() implements Act {
        @Override
        public String name() {
            return "opened";
        }
    }

    /** An entry was attached. */
    public record Added(Attached attached) implements Act {
        @Override
        public String name() {
            return "attached";
        }

        @Override
        public Optional<Attached> brings() {
            return Optional.of(attached);
        }
    }

    /** Somebody noted something; {@code artifact} names the encrypted note by the digest of its ciphertext. */
    public record Noted(String artifact) implements Act {
        @Override
        public String name() {
            return "noted";
        }
    }

    /** A legal hold, by its name and the entry that placed it, keeps what the case needs. */
    public record Held(String hold, Attached placed) implements Act {
        @Override
        public String name() {
            return "held";
        }

        @Override
        public Optional<Attached> brings() {
            return Optional.of(placed);
        }
    }

    /** The case was closed: always the last step. */
    public record Closed() implements Act {
        @Override
        public String name() {
            return "closed";
        }
    }

    /** An entry of the logs, as it was sealed. */
    public record Attached(int year, long index, Hash leaf) {
        private ObjectNode json() {
            return CanonicalJson.MAPPER
                    .createObjectNode()
                    .put("index", index)
                    .put("leaf", leaf.hex())
                    .put("year", year);
        }
    }

    /** What an entry says of a case; empty if it is something else. */
    public static Optional<CaseStep> of(Entry entry) {
        return Marks.holds(entry.bytes(), MARK) ? entry.json().flatMap(CaseStep::of) : Optional.empty();
    }

    private static Optional<CaseStep> of(ObjectNode json) {
        JsonNode stated = json.at("/unmapped/keyproof/detail/case");
        if (!json.at("/api/operation").asText().equals(OPERATION)
                || !PackContents.isOfTheLogItself(json)
                || !json.at("/metadata/uid").asText().startsWith(UID_PREFIX)
                || !CanonicalJson.hasForm(stated)) {
            return Optional.empty();
        }
        try {
            CaseStep step = new CaseStep(
                    stated.path("id").asText(),
                    stated.has("previous")
                            ? Optional.of(Hash.parseHex(stated.path("previous").asText()))
                            : Optional.empty(),
                    act(stated));
            // There is one way to write each, and what is more than that would be read by nobody.
            return Arrays.equals(CanonicalJson.bytes(step.json()), CanonicalJson.bytes((ObjectNode) stated))
                    ? Optional.of(step)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Act act(JsonNode stated) {
        return switch (stated.path("step").asText()) {
            case "opened" -> new Opened();
            case "attached" -> new Added(attached(stated));
            case "noted" -> new Noted(stated.path("note").asText());
            case "held" -> new Held(stated.path("hold").asText(), attached(stated));
            case "closed" -> new Closed();
            default -> throw new IllegalArgumentException("no step of a case");
        };
    }

    private static Attached attached(JsonNode stated) {
        JsonNode record = stated.path("record");
        return new Attached(
                record.path("year").asInt(),
                record.path("index").asLong(),
                Hash.parseHex(record.path("leaf").asText()));
    }

    /** As an entry states it. */
    public ObjectNode json() {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode().put("id", id).put("step", act.name());
        previous.ifPresent(leaf -> json.put("previous", leaf.hex()));
        act.brings().ifPresent(record -> json.set("record", record.json()));
        if (act instanceof Noted noted) {
            json.put("note", noted.artifact());
        } else if (act instanceof Held held) {
            json.put("hold", held.hold());
        }
        return json;
    }
}
