package dev.keyproof.verify.samples;

import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Logs and single records that do not lead to the root that was signed, or not in their order. */
final class LogSamples {
    private static final String LAST_TILE = "log/2026/tile/0/001.p/44";
    private static final String BUNDLE = "log/2026/tile/entries/000";
    private static final int LAST = Samples.SIZE - 1;

    private final Samples samples;

    LogSamples(Samples samples) {
        this.samples = samples;
    }

    List<Sample> all() {
        return List.of(
                tileTakenOut(),
                tilePutIn(),
                tileCutOff(),
                tileOverOthers(),
                leafAltered(),
                bundleCutOff(),
                splicedFromAnotherPack(),
                recordOfNoLog(),
                recordElsewhere(),
                recordsReordered(),
                recordTwice());
    }

    private Sample tileTakenOut() {
        return samples.bent(
                Reason.TILE_MISSING,
                "log/2026/tile/0/000: is missing from the log",
                files -> files.remove("log/2026/tile/0/000"));
    }

    private Sample tilePutIn() {
        return samples.bent(
                Reason.TILE_SURPLUS,
                "log/2026/tile/0/002: does not belong to a log of 300 entries",
                files -> files.put("log/2026/tile/0/002", new byte[32]));
    }

    private Sample tileCutOff() {
        return samples.bent(
                Reason.TILE_FORM,
                LAST_TILE + ": has 1407 bytes, not 32 for each hash",
                files -> files.put(LAST_TILE, Arrays.copyOf(Samples.content(files, LAST_TILE), 1407)));
    }

    private Sample tileOverOthers() {
        return samples.bent(
                Reason.TILE_MISMATCH,
                "log/2026/tile/1/000.p/1, hash 0: is not the root of log/2026/tile/0/000",
                files -> Samples.content(files, "log/2026/tile/1/000.p/1")[5] ^= 1);
    }

    private Sample leafAltered() {
        return samples.bent(
                Reason.TILES_ROOT,
                "log/2026: the tiles do not lead to the root that the checkpoint states",
                files -> Samples.content(files, LAST_TILE)[5] ^= 1);
    }

    private Sample bundleCutOff() {
        return samples.bent(Reason.BUNDLE_FORM, BUNDLE + ": ", files -> {
            byte[] bundle = Samples.content(files, BUNDLE);
            files.put(BUNDLE, Arrays.copyOf(bundle, bundle.length - 1));
        });
    }

    /** The entries of another pack under this one's tiles. */
    private Sample splicedFromAnotherPack() {
        byte[] other = samples.other();
        return samples.bent(Reason.ENTRY_ALTERED, BUNDLE + ", entry 17: is not the entry that was sealed", files -> {
            try {
                files.put(BUNDLE, TestingZip.file(other, BUNDLE));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Sample recordOfNoLog() {
        return records(
                Reason.RECORD_FORM,
                "records.ndjson, line 1: names a log that the pack does not hold",
                lines -> lines.replaceFirst("log/2026", "log/2025"));
    }

    private Sample recordElsewhere() {
        return records(
                Reason.PROOF_FALSE,
                "records.ndjson, line 2: the proof does not lead from the entry to the log's root",
                lines -> lines.replace("\"index\":2,", "\"index\":3,"));
    }

    private Sample recordsReordered() {
        return records(
                Reason.RECORD_ORDER, "records.ndjson, line 3: entry 2 stands after entry 3", List.of(0, 3, 2, LAST));
    }

    private Sample recordTwice() {
        return records(Reason.RECORD_TWICE, "records.ndjson, line 4: entry 3 stands twice", List.of(0, 2, 3, 3, LAST));
    }

    private Sample records(Reason reason, String says, UnaryOperator<String> bend) {
        return samples.of(
                reason, TestingRecords.pack(samples.testing, samples.entries, List.of(0, 2, 4, LAST), bend), says);
    }

    private Sample records(Reason reason, String says, List<Integer> places) {
        return samples.of(reason, TestingRecords.pack(samples.testing, samples.entries, places, lines -> lines), says);
    }
}
