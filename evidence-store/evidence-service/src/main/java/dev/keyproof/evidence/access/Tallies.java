package dev.keyproof.evidence.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.User;
import java.time.Duration;
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

/** What is counted instead of being recorded one by one: a caller's reads of one kind, or refusals, of a minute. Thread-safe. */
final class Tallies {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Refused callers beyond these, who have tokens of the issuer all the same, are counted as one. */
    private static final int MOST = 256;

    private final Map<Key, Tally> open = new HashMap<>();

    /**
     * What is counted together.
     *
     * @param decided the digests of policy and data
     */
    record Key(String caller, List<String> roles, String operation, boolean allowed, String decided) {
        static final Key STRANGERS = new Key("", List.of(), "", false, "");

        static Key of(Admission admission) {
            return new Key(
                    admission.caller().id(),
                    admission.caller().roles(),
                    admission.operation().id(),
                    admission.allowed(),
                    admission.decision().policyDigest() + " "
                            + admission.decision().dataDigest());
        }
    }

    /** A count and the record that it was begun. */
    record Begun(Tally tally, CompletableFuture<Void> record) {}

    /** Seals the first of a minute, counts the others. */
    synchronized Begun add(
            Admission admission,
            Instant now,
            long bytes,
            ObjectNode scope,
            Function<ObjectNode, CompletableFuture<Void>> seal) {
        Tally tally = open.computeIfAbsent(Key.of(admission), key -> new Tally(key, Optional.of(admission), now));
        if (tally.begun.isPresent()) {
            tally.count(now, bytes, scope);
            return new Begun(tally, tally.begun.get());
        }
        ObjectNode first = JsonNodeFactory.instance.objectNode();
        first.put("count", 1).put("bytes", bytes).set("scope", scope);
        CompletableFuture<Void> record = seal.apply(first);
        tally.begun = Optional.of(record);
        return new Begun(tally, record);
    }

    /** Counts what policy refused. */
    synchronized void refused(Admission admission, Instant now) {
        Key own = Key.of(admission);
        boolean asOne = open.size() >= MOST && !open.containsKey(own);
        Key key = asOne ? new Key("", List.of(), own.operation(), false, own.decided()) : own;
        open.computeIfAbsent(key, made -> new Tally(made, Optional.of(admission), now))
                .count(now, 0, JsonNodeFactory.instance.objectNode());
    }

    synchronized void stranger(Instant now) {
        open.computeIfAbsent(Key.STRANGERS, key -> new Tally(key, Optional.empty(), now))
                .count(now, 0, JsonNodeFactory.instance.objectNode());
    }

    synchronized void drop(Tally tally) {
        open.remove(tally.key, tally);
    }

    /** Those whose minute is over, or all; they count no more. */
    synchronized List<Tally> over(Instant now, boolean all) {
        List<Tally> over = new ArrayList<>();
        for (Iterator<Tally> each = open.values().iterator(); each.hasNext(); ) {
            Tally tally = each.next();
            if (all || !now.isBefore(tally.since.plus(WINDOW))) {
                each.remove();
                if (tally.isToBeTold()) {
                    over.add(tally);
                }
            }
        }
        return over;
    }

    /** One count. */
    static final class Tally {
        private final Key key;
        private final Optional<Admission> admission;
        private final Instant since;
        private final TreeMap<String, long[]> entries = new TreeMap<>();
        private Optional<CompletableFuture<Void>> begun = Optional.empty();
        private Instant last;
        private long count;
        private long bytes;

        private Tally(Key key, Optional<Admission> admission, Instant since) {
            this.key = key;
            this.admission = admission;
            this.since = since;
            this.last = since;
        }

        Optional<Admission> admission() {
            return admission;
        }

        Optional<User> caller() {
            return admission.isEmpty() ? Optional.empty() : Optional.of(User.of(key.caller(), key.roles()));
        }

        private void count(Instant now, long size, ObjectNode scope) {
            last = now;
            count++;
            bytes += size;
            if (scope.has("from") && scope.has("to")) {
                entries.merge(
                        scope.path("year").asText(),
                        new long[] {
                            scope.path("from").asLong(), scope.path("to").asLong()
                        },
                        (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
            }
        }

        private boolean isToBeTold() {
            return count > 0;
        }

        /** Asked once it counts no more. */
        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("count", count).put("bytes", bytes);
            json.put("since", since.toString()).put("last", last.toString());
            if (!entries.isEmpty()) {
                ObjectNode logs = json.putObject("entries");
                entries.forEach((year, range) ->
                        logs.putObject(year).put("from", range[0]).put("to", range[1]));
            }
            return json;
        }
    }
}
