package dev.keyproof.evidence;

import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.journal.JournalOptions;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A broker's journal: its records, and its head over them. */
final class TestingJournal implements AutoCloseable {
    private final Journal journal;
    private final TestingNoteSigner signer;
    private final String source;
    private final String policy;
    private final String data;

    TestingJournal(Path dir, String source, String policy, String data) throws Exception {
        this.journal = Journal.open(dir.resolve(source), source, JournalOptions.DEFAULTS);
        this.signer = new TestingNoteSigner("keyproof/journal/" + source, TestingAuthority.keyPair());
        this.source = source;
        this.policy = policy;
        this.data = data;
    }

    String vkey() {
        return signer.verifier().vkey();
    }

    String source() {
        return source;
    }

    String epoch() {
        return journal.epoch();
    }

    /** Appends records and gives their bytes. */
    List<byte[]> append(int count, String run) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            journal.append((source, epoch, sequence, previous) -> {
                        byte[] record = record(source, epoch, sequence, previous, run);
                        records.add(record);
                        return record;
                    })
                    .get();
        }
        return records;
    }

    /** Appends a record bent in each of these ways. */
    List<byte[]> append(List<UnaryOperator<String>> bends, String run) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (UnaryOperator<String> bend : bends) {
            journal.append((source, epoch, sequence, previous) -> {
                        byte[] record = bend.apply(new String(
                                        record(source, epoch, sequence, previous, run), StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8);
                        records.add(record);
                        return record;
                    })
                    .get();
        }
        return records;
    }

    private byte[] record(String source, String epoch, long sequence, String previous, String run) {
        return ("{\"class_uid\":6003,\"time\":1700000000000,\"metadata\":{\"uid\":\"" + source + "-" + sequence
                        + "\",\"source\":\"" + source + "\",\"sequence\":" + sequence
                        + "},\"api\":{\"operation\":\"Sign\"},\"resources\":[{\"uid\":\"K1\",\"data\":{\"id\":\"K1\","
                        + "\"attributes\":{\"sensitive\":true}}}],\"unmapped\":{\"keyproof\":{\"kind\":\"operation\",\"run\":\""
                        + run + "\",\"epoch\":\"" + epoch + "\",\"previous\":\"" + previous
                        + "\",\"decision\":{\"allow\":true,\"policy\":\"" + policy + "\",\"data\":\"" + data
                        + "\",\"input\":{},\"result\":{}}}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The signed head over all records. */
    SignedHead head() throws Exception {
        return journal.signHead(signer).orElseGet(() -> journal.lastHead().orElseThrow());
    }

    @Override
    public void close() throws dev.keyproof.log.LogException {
        journal.close();
    }
}
