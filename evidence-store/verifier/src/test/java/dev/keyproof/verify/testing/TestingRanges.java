package dev.keyproof.verify.testing;

import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.SingleRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Packs of a part of a log, beside which single records may stand. */
public final class TestingRanges {
    private TestingRanges() {}

    /** The entries from one on, with the records at these places, its files bent before they are listed. */
    public static byte[] pack(
            TestingPack testing,
            List<byte[]> entries,
            int from,
            OptionalLong to,
            List<Integer> places,
            Consumer<Map<String, byte[]>> bend) {
        Scope scope = Scope.of(new Scope.Part(2026, from, to), Optional.empty());
        return testing.pack(
                entries,
                testing.signer,
                files -> {
                    files.keySet().removeIf(name -> name.matches("(approvals|keys|results)/.*"));
                    long end = to.orElse(entries.size());
                    files.keySet().removeIf(name -> isOutside(name, from, end));
                    files.putAll(derived(scope, entries, places));
                    if (!places.isEmpty()) {
                        files.put(SingleRecords.NAME, TestingRecords.lines(entries, places));
                    }
                    bend.accept(files);
                },
                Optional.of(testing.timeStamps.at(Instant.now())),
                logs -> logs.stream()
                        .map(log -> new Manifest.Log(log.origin(), log.path(), from, log.size(), log.root()))
                        .toList(),
                whole -> scope.json());
    }

    private static boolean isOutside(String name, long from, long end) {
        if (!name.startsWith(TestingPack.LOG + "/tile/entries/")) {
            return false;
        }
        long bundle =
                Long.parseLong(name.substring(name.lastIndexOf("entries/") + 8).substring(0, 3));
        return (bundle + 1) * 256 <= from || bundle * 256 >= end;
    }

    private static Map<String, byte[]> derived(Scope scope, List<byte[]> entries, List<Integer> places) {
        PackContents contents = new PackContents();
        OscalResults oscal = new OscalResults(scope);
        Scope.Part part = scope.parts().getFirst();
        List<Integer> all = new ArrayList<>(places);
        for (long index = part.from(); index < part.end(entries.size()); index++) {
            all.add((int) index);
        }
        for (int index : all.stream().sorted().distinct().toList()) {
            Entry entry = new Entry(TestingPack.LOG, index, entries.get(index));
            if (index < part.from() || index >= part.end(entries.size())) {
                contents.supporting(entry, SingleRecords.NAME);
                oscal.supporting(entry);
            } else {
                contents.entry(entry, TestingPack.LOG);
                oscal.entry(entry, TestingPack.LOG);
            }
        }
        return TestingPack.bytes(contents.files());
    }
}
