package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.HashSource;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.Consistency;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.SingleRecords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Packs of single records of the key K1. */
public final class TestingRecords {
    private static final Scope SCOPE = Scope.ofKey(2026, "K1");

    private TestingRecords() {}

    /** The records at these places, in this order, with their lines bent before they are signed. */
    public static byte[] pack(
            TestingPack testing, List<byte[]> entries, List<Integer> places, UnaryOperator<String> bend) {
        return pack(testing, entries, places, bend, scope -> scope);
    }

    /** As before, and the scope bent. */
    public static byte[] pack(
            TestingPack testing,
            List<byte[]> entries,
            List<Integer> places,
            UnaryOperator<String> bend,
            UnaryOperator<ObjectNode> scope) {
        List<Entry> records = places.stream()
                .map(place -> new Entry(TestingPack.LOG, place, entries.get(place)))
                .toList();
        String bent = bend.apply(new String(lines(entries, places), StandardCharsets.UTF_8));
        Manifest.Log log = new Manifest.Log(
                TestingPack.ORIGIN,
                TestingPack.LOG,
                0,
                entries.size(),
                range(entries).root().bytes());
        return testing.pack(
                entries,
                testing.signer,
                files -> {
                    files.keySet().removeIf(name -> name.matches("(log/2026/tile|approvals|keys|results)/.*"));
                    files.putAll(testing.derived(SCOPE, log, records));
                    files.put(SingleRecords.NAME, bent.getBytes(StandardCharsets.UTF_8));
                },
                Optional.of(testing.timeStamps.at(Instant.now())),
                logs -> logs,
                range -> scope.apply(SCOPE.json()));
    }

    /** The records of the key among the entries from one on, at these places, and the files bent before they are listed. */
    public static byte[] pack(
            TestingPack testing,
            List<byte[]> entries,
            int from,
            List<Integer> places,
            Consumer<Map<String, byte[]>> bend) {
        Scope scope = Scope.of(
                new Scope.Part(2026, from, OptionalLong.empty()),
                Optional.of(new Scope.Subject(Scope.Subject.Kind.KEY, "K1")));
        List<Entry> records = places.stream()
                .map(place -> new Entry(TestingPack.LOG, place, entries.get(place)))
                .toList();
        Manifest.Log log = new Manifest.Log(
                TestingPack.ORIGIN,
                TestingPack.LOG,
                from,
                entries.size(),
                range(entries).root().bytes());
        return testing.pack(
                entries,
                testing.signer,
                files -> {
                    files.keySet().removeIf(name -> name.matches("(log/2026/tile|approvals|keys|results)/.*"));
                    files.putAll(testing.derived(scope, log, records));
                    files.put(SingleRecords.NAME, lines(entries, places));
                    bend.accept(files);
                },
                Optional.of(testing.timeStamps.at(Instant.now())),
                logs -> List.of(log),
                range -> scope.json());
    }

    /** The records of a subject, at these places, whatever they are to it. */
    public static byte[] of(TestingPack testing, List<byte[]> entries, Scope.Subject subject, List<Integer> places) {
        Scope scope = Scope.of(new Scope.Part(2026, 0, OptionalLong.empty()), Optional.of(subject));
        List<Entry> records = places.stream()
                .map(place -> new Entry(TestingPack.LOG, place, entries.get(place)))
                .toList();
        return testing.pack(
                entries,
                testing.signer,
                files -> {
                    Manifest.Log log = new Manifest.Log(
                            TestingPack.ORIGIN,
                            TestingPack.LOG,
                            0,
                            entries.size(),
                            range(entries).root().bytes());
                    files.keySet().removeIf(name -> name.matches("(log/2026/tile|approvals|keys|results)/.*"));
                    files.putAll(testing.derived(scope, log, records));
                    files.put(SingleRecords.NAME, lines(entries, places));
                },
                Optional.of(testing.timeStamps.at(Instant.now())),
                logs -> logs,
                range -> scope.json());
    }

    /** The proof that these entries continue the first {@code from} of them. */
    public static byte[] consistency(List<byte[]> entries, int from) {
        try {
            return Consistency.bytes(ConsistencyProof.of(from, entries.size(), hashes(entries)));
        } catch (LogException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The records at these places with their proofs, a line each. */
    public static byte[] lines(List<byte[]> entries, List<Integer> places) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int place : places) {
            Entry record = new Entry(TestingPack.LOG, place, entries.get(place));
            lines.writeBytes(SingleRecords.line(record, proof(entries, place)));
        }
        return lines.toByteArray();
    }

    private static InclusionProof proof(List<byte[]> entries, long index) {
        try {
            return InclusionProof.of(index, entries.size(), hashes(entries));
        } catch (LogException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HashSource hashes(List<byte[]> entries) {
        return (level, index) -> {
            int from = (int) (index << level);
            return range(entries.subList(from, from + (1 << level))).root();
        };
    }

    /** The tree over these entries. */
    public static CompactRange range(List<byte[]> entries) {
        CompactRange range = new CompactRange();
        TreeHasher hasher = new TreeHasher();
        entries.forEach(entry -> range.append(hasher.leaf(entry)));
        return range;
    }
}
