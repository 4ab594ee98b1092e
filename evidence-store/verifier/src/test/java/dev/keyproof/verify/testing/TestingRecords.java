package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.HashSource;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.SingleRecords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Packs of single records of the key K1. */
public final class TestingRecords {
    private static final Scope SCOPE = new Scope(2026, 0, Optional.of("K1"));

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
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        List<Entry> records = places.stream()
                .map(place -> new Entry(TestingPack.LOG, place, entries.get(place)))
                .toList();
        for (Entry record : records) {
            lines.writeBytes(SingleRecords.line(record, proof(entries, record.index())));
        }
        String bent = bend.apply(lines.toString(StandardCharsets.UTF_8));
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
