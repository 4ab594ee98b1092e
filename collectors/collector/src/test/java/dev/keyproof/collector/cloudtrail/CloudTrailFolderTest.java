package dev.keyproof.collector.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Outgoing;
import dev.keyproof.collector.source.SourceException;
import dev.keyproof.collector.source.Topic;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.testing.OcsfSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloudTrailFolderTest {
    private static final Instant WRITTEN = Instant.parse("2026-11-02T10:05:00Z");

    private final Path dir;
    private Instant now = WRITTEN.plusSeconds(60);
    private final EventCodec codec = new EventCodec();
    private final Map<String, ObjectNode> positions = new HashMap<>();
    private final CloudTrailFolder folder;

    CloudTrailFolderTest(@TempDir Path dir) {
        this.dir = dir;
        this.folder = folder();
    }

    @Test
    void theDemonstrationsFolderGivesWhatItsReadmeSays() throws Exception {
        CloudTrailFolder examples = new CloudTrailFolder(
                Path.of("target/test-classes/cloudtrail"), "aws-demo", Duration.ofSeconds(1), codec, () -> now);
        now = Instant.now().plusSeconds(60);

        List<Outgoing> out = drain(examples, 1000);

        assertThat(out).filteredOn(r -> r.topic() == Topic.KEY_EVENTS).hasSize(55);
        assertThat(out)
                .filteredOn(r -> r.topic() == Topic.QUARANTINE)
                .extracting(r -> r.headers().get("reason"))
                .containsExactly("the file is truncated; 13 records before it were taken", "key operation is unknown");
        assertThat(examples.state().ignored()).isEqualTo(2);
        assertThat(out)
                .filteredOn(r -> r.topic() == Topic.KEY_EVENTS)
                .allSatisfy(r -> assertThat(OcsfSchema.violations(r.value())).isEmpty());
    }

    @Test
    void theSameFileUnderAnotherNameIsNotReadTwice() throws Exception {
        write("a/one.json.gz", Records.gzip(Records.file(records(3))));
        List<Outgoing> first = drain(folder, 1000);
        write("b/copy.json.gz", Files.readAllBytes(dir.resolve("a/one.json.gz")));

        assertThat(first).hasSize(3);
        assertThat(drain(folder, 1000)).isEmpty();
        assertThat(restarted(1000)).isEmpty();
    }

    @Test
    void goesOnAmidAFileAfterARestart() throws Exception {
        write("one.json.gz", Records.gzip(Records.file(records(10))));
        List<Outgoing> whole = drain(folder, 1000);
        positions.clear();

        CloudTrailFolder again = folder();
        settle(again);
        List<Outgoing> pieces = new ArrayList<>(take(again, 4));
        pieces.addAll(restarted(3));

        assertThat(values(pieces)).isEqualTo(values(whole));
    }

    @Test
    void whatWasNotPublishedIsGivenAgainWithTheSameBytes() throws Exception {
        write("one.json", Records.file(records(5)));
        settle(folder);
        Batch lost = folder.next(3);
        folder.restore(positions);

        List<Outgoing> again = drain(folder, 1000);

        assertThat(again).hasSize(5);
        assertThat(values(again).subList(0, 3)).isEqualTo(values(lost.records()));
    }

    @Test
    void aFileStillBeingWrittenIsLeftAlone() throws Exception {
        byte[] file = Records.gzip(Records.file(records(3)));
        Path path = write("one.json.gz", Arrays.copyOf(file, 40));
        Files.setLastModifiedTime(path, FileTime.from(now.plusSeconds(3)));
        settle(folder);
        assertThat(folder.next(10).isEmpty()).isTrue();

        Files.write(path, file);
        Files.setLastModifiedTime(path, FileTime.from(WRITTEN));

        assertThat(drain(folder, 1000)).hasSize(3).allMatch(r -> r.topic() == Topic.KEY_EVENTS);
    }

    @Test
    void aTruncatedPlainFileGivesItsGoodRecordsAndItsRest() throws Exception {
        byte[] file = Records.file(records(3));
        byte[] cut = Arrays.copyOf(file, file.length - 200);
        write("one.json", cut);

        List<Outgoing> out = drain(folder, 1000);

        assertThat(out).hasSize(3);
        Outgoing rest = out.getLast();
        assertThat(rest.topic()).isEqualTo(Topic.QUARANTINE);
        assertThat(rest.headers())
                .containsEntry("reason", "the array of Records does not end; 2 records before it were taken")
                .containsEntry("origin", "aws-prod")
                .containsEntry("time", now.toString());
        int offset = Integer.parseInt(rest.headers().getOrDefault("place", "").split("@", -1)[1]);
        assertThat(rest.value()).isEqualTo(Arrays.copyOfRange(cut, offset, cut.length));
        assertThat(new String(rest.value(), UTF_8)).startsWith("{\"eventVersion\"");
    }

    @Test
    void aDamagedCompressedFileIsKeptWhole() throws Exception {
        byte[] file = Records.gzip(Records.file(records(3)));
        file[file.length - 8] ^= 1;
        write("one.json.gz", file);

        List<Outgoing> out = drain(folder, 1000);

        assertThat(out).hasSize(4);
        assertThat(out.getLast().value()).isEqualTo(file);
        assertThat(out.getLast().headers())
                .hasEntrySatisfying(
                        "reason", reason -> assertThat(reason).startsWith("the file's compression is damaged"));
    }

    @Test
    void aFileThatIsNothingIsKeptInPiecesBelowKafkasLimit() throws Exception {
        byte[] noise = new byte[3_000_000];
        Arrays.fill(noise, (byte) 'x');
        write("one.json", noise);

        List<Outgoing> out = drain(folder, 1000);

        assertThat(out).allSatisfy(r -> assertThat(r.value()).hasSizeLessThan(1_000_000));
        assertThat(out.stream().mapToInt(r -> r.value().length).sum()).isEqualTo(noise.length);
        assertThat(folder.state().quarantined()).isEqualTo(out.size());
        assertThat(restarted(1000)).isEmpty();
    }

    @Test
    void aDamagedRecordAmidOthersIsSetAsideAlone() throws Exception {
        String good = new String(Records.file(records(3)), UTF_8);
        write("one.json", good.replaceFirst("\"Decrypt\"", "\"Decrypt").getBytes(UTF_8));

        List<Outgoing> out = drain(folder, 1000);

        assertThat(out)
                .extracting(Outgoing::topic)
                .containsExactly(Topic.QUARANTINE, Topic.KEY_EVENTS, Topic.KEY_EVENTS);
        assertThat(out.getFirst().headers()).containsEntry("place", "one.json#0");
    }

    @Test
    void digestFilesAndStrangersAreNoTrailFiles() throws Exception {
        write("111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20261102T110000Z.json.gz", new byte[] {1});
        write("notes.txt", new byte[] {1});
        write(".part.json", new byte[] {1});

        assertThat(drain(folder, 1000)).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereYetIsWaitedFor() throws Exception {
        CloudTrailFolder absent =
                new CloudTrailFolder(dir.resolve("later"), "aws-prod", Duration.ofSeconds(1), codec, () -> now);

        assertThat(absent.next(10).isEmpty()).isTrue();
        write("later/one.json", Records.file(records(1)));

        assertThat(drain(absent, 10)).hasSize(1);
    }

    private CloudTrailFolder folder() {
        return new CloudTrailFolder(dir, "aws-prod", Duration.ofSeconds(1), codec, () -> now);
    }

    private static List<ObjectNode> records(int count) {
        return IntStream.range(0, count).mapToObj(Records::decrypt).toList();
    }

    private static List<String> values(List<Outgoing> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path path = dir.resolve(name);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
        Files.setLastModifiedTime(path, FileTime.from(WRITTEN));
        return path;
    }

    /** Two looks at the folder, a second apart. */
    private void settle(CloudTrailFolder source) throws SourceException {
        for (int i = 0; i < 2; i++) {
            now = now.plusSeconds(2);
            source.look();
        }
    }

    private List<Outgoing> restarted(int batch) throws SourceException {
        CloudTrailFolder again = folder();
        again.restore(positions);
        return drain(again, batch);
    }

    private List<Outgoing> take(CloudTrailFolder source, int batch) throws SourceException {
        Batch next = source.next(batch);
        positions.putAll(next.positions());
        return next.records();
    }

    private List<Outgoing> drain(CloudTrailFolder source, int batch) throws SourceException {
        settle(source);
        List<Outgoing> out = new ArrayList<>();
        Batch next;
        do {
            next = source.next(batch);
            out.addAll(next.records());
            positions.putAll(next.positions());
        } while (!next.isEmpty());
        return out;
    }
}
