package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.Excerpt;
import dev.keyproof.policy.Gist;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads entries of a log. Thread-safe. */
interface EntryReader {
    /** What the entry tells; where it is no JSON, nothing. */
    Told read(byte[] entry);

    /** Reads all of each entry. */
    static EntryReader whole() {
        return new Whole();
    }

    /** Reads what these policies read of what was decided, and of the rest no more than must be, but where all of it is asked. */
    static EntryReader decisions(List<DecisionMemo> policies, boolean all) {
        return new Decisions(policies, all);
    }

    /** All of an entry. */
    final class Whole implements EntryReader {
        private static final ObjectMapper JSON = new ObjectMapper();

        private Whole() {}

        @Override
        public Told read(byte[] entry) {
            JsonNode event = tree(entry);
            JsonNode ours = event.path("unmapped").path("keyproof");
            JsonNode time = event.path("time");
            JsonNode detail = ours.path("detail");
            return new Told(
                    event,
                    time.canConvertToLong() ? OptionalLong.of(time.asLong()) : OptionalLong.empty(),
                    ours.path("kind").asText(),
                    event.path("metadata").path("uid").asText(),
                    ours.path("intent").asText(),
                    decided(ours.path("decision")),
                    decided(detail.path("alsoDecided")),
                    without(detail));
        }

        private static Optional<Told.Decided> decided(JsonNode decision) {
            return decision.isObject()
                    ? Optional.of(new Told.Decided(new Case(decision), () -> decision.path("input")))
                    : Optional.empty();
        }

        private static String without(JsonNode detail) {
            if (detail.has("repeats")) {
                return "answered as the first of its kind was";
            }
            return detail.has("method") ? "could not be read" : "no decision was made or kept";
        }

        /** A missing node where it is no JSON. */
        private static JsonNode tree(byte[] entry) {
            try {
                return JSON.readTree(entry);
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }
    }

    /** What differs in nothing that is read is one case. What such an entry tells otherwise is found without making a tree of it. */
    final class Decisions implements EntryReader {
        /** Cases that are kept; an organisation's services and keys make some thousands that differ. */
        private static final int CASES = 50_000;

        private final Whole whole = new Whole();
        private final boolean all;
        private final Cache<Gist, Case> cases =
                Caffeine.newBuilder().maximumSize(CASES).build();
        private final Excerpt excerpt;
        private final Excerpt.Spot time;
        private final Excerpt.Spot uid;
        private final Excerpt.Spot kind;
        private final Excerpt.Spot intent;
        private final Excerpt.Spot detail;
        private final Excerpt.Spot decision;

        private Decisions(List<DecisionMemo> policies, boolean all) {
            this.all = all;
            Excerpt.Builder asked = new Excerpt.Builder()
                    .whole("time")
                    .whole("metadata", "uid")
                    .whole(at("kind"))
                    .whole(at("intent"))
                    .whole(at("detail"))
                    .whole(at("decision", "policy"))
                    .whole(at("decision", "data"))
                    .whole(at("decision", "result"));
            policies.forEach(policy -> asked.input(policy, at("decision", "input")));
            excerpt = asked.build();
            time = excerpt.spot("time");
            uid = excerpt.spot("metadata", "uid");
            kind = excerpt.spot(at("kind"));
            intent = excerpt.spot(at("intent"));
            detail = excerpt.spot(at("detail"));
            decision = excerpt.spot(at("decision"));
        }

        private static String[] at(String... path) {
            return Stream.concat(Stream.of("unmapped", "keyproof"), Stream.of(path))
                    .toArray(String[]::new);
        }

        @Override
        public Told read(byte[] entry) {
            return excerpt.in(entry).map(found -> told(found, entry)).orElseGet(() -> whole.read(entry));
        }

        private Told told(Excerpt.Found found, byte[] entry) {
            JsonNode also = found.node(detail);
            return new Told(
                    all ? Whole.tree(entry) : MissingNode.getInstance(),
                    found.number(time),
                    found.text(kind).orElse(""),
                    found.text(uid).orElse(""),
                    found.text(intent).orElse(""),
                    decided(found, entry),
                    Whole.decided(also.path("alsoDecided")),
                    Whole.without(also));
        }

        private Optional<Told.Decided> decided(Excerpt.Found found, byte[] entry) {
            if (!found.isObject(decision)) {
                return Optional.empty();
            }
            Case asked = cases.get(found.gist(decision), gist -> new Case(found.node(decision)));
            return Optional.of(new Told.Decided(
                    asked,
                    () -> Whole.tree(entry)
                            .path("unmapped")
                            .path("keyproof")
                            .path("decision")
                            .path("input")));
        }
    }
}
