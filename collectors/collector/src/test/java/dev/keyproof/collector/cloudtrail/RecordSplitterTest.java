package dev.keyproof.collector.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordSplitterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Records\":[{\"a\":1},{\"b\":\"}\\\"]\"}]}",
                "\uFEFF { \"Records\" : [ {\"a\":1} , {\"b\":\"}\\\"]\"} ] }",
                "{\"x\":{\"Records\":[9]},\"y\":\"Records\",\"Records\":[{\"a\":1},{\"b\":\"}\\\"]\"}],\"z\":[1]}"
            })
    void cutsTheElementsWhateverStandsAround(String file) {
        Split split = split(file.getBytes(UTF_8));

        assertThat(split.texts()).containsExactly("{\"a\":1}", "{\"b\":\"}\\\"]\"}");
        assertThat(split.fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"Records\":{}}", "{\"Records\":null}", "\u001f", "Records"})
    void aFileWithoutRecordsIsAFault(String file) {
        assertThat(split(file.getBytes(UTF_8)).fault()).isEqualTo("there is no array of Records");
    }

    @Test
    void elementsThatAreNoObjectsAreCutToo() {
        assertThat(split("{\"Records\":[1,\"x\",[2,{}],null]}".getBytes(UTF_8)).texts())
                .containsExactly("1", "\"x\"", "[2,{}]", "null");
    }

    @Test
    void aRecordWithALostQuoteCostsOnlyItself() {
        String good = Records.decrypt(1).toString();
        String bad = good.replace("\"Decrypt\"", "\"Decrypt");

        Split split = split(("{\"Records\":[" + good + "," + bad + "," + good + "]}").getBytes(UTF_8));

        assertThat(split.elements()).extracting(RecordSplitter.Element::whole).containsExactly(true, false, true);
        assertThat(split.texts().getLast()).isEqualTo(good);
        assertThat(split.fault()).isNull();
    }

    @Property(tries = 200)
    void aFileThatBreaksOffYieldsWhatStandsBeforeTheBreak(
            @ForAll @IntRange(min = 1, max = 12) int count, @ForAll @IntRange(max = 10_000) int perTenThousand) {
        List<ObjectNode> records =
                IntStream.range(0, count).mapToObj(Records::decrypt).toList();
        byte[] file = Records.file(records);
        byte[] cut = Arrays.copyOf(file, (int) ((long) (file.length - 1) * perTenThousand / 10_000));

        Split split = split(cut);

        List<String> whole = split.wholeTexts();
        assertThat(whole)
                .isEqualTo(records.stream()
                        .limit(whole.size())
                        .map(ObjectNode::toString)
                        .toList());
        assertThat(split.fault()).isNotNull();
    }

    @Property(tries = 500)
    void noBytesAtAllStopIt(@ForAll @Size(max = 400) byte[] noise, @ForAll boolean inside) {
        byte[] start = inside ? "{\"Records\":[{\"eventVersion\":1},".getBytes(UTF_8) : new byte[0];
        byte[] file = Arrays.copyOf(start, start.length + noise.length);
        System.arraycopy(noise, 0, file, start.length, noise.length);

        Split split = split(file);

        assertThat(split.elements()).isSortedAccordingTo((a, b) -> Long.compare(a.index(), b.index()));
        assertThat(split.elements())
                .allSatisfy(element -> assertThat(Arrays.copyOfRange(
                                file, (int) element.offset(), (int) element.offset() + element.bytes().length))
                        .isEqualTo(element.bytes()));
    }

    @Property(tries = 200)
    void damageInTheMiddleLeavesTheNeighboursAlone(@ForAll @IntRange(max = 999) int perThousand, @ForAll byte damage) {
        String good = Records.decrypt(1).toString();
        byte[] bad = Records.decrypt(2).toString().getBytes(UTF_8);
        bad[1 + (bad.length - 2) * perThousand / 1000] = damage;

        Split split = split(concat(
                "{\"Records\":[".getBytes(UTF_8),
                good.getBytes(UTF_8),
                ",".getBytes(UTF_8),
                bad,
                ",".getBytes(UTF_8),
                good.getBytes(UTF_8),
                "]}".getBytes(UTF_8)));

        assertThat(split.texts()).startsWith(good);
    }

    @Test
    void manyDamagedRecordsDoNotCostManySearches() {
        byte[] hostile = ("{\"Records\":[" + "{\"eventVersion\"\"".repeat(20_000)).getBytes(UTF_8);

        Split split = split(hostile);

        assertThat(split.elements()).hasSizeLessThanOrEqualTo(64);
        assertThat(split.fault()).isNotNull();
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static Split split(byte[] file) {
        RecordSplitter splitter = new RecordSplitter(new ByteArrayInputStream(file));
        List<RecordSplitter.Element> elements = new ArrayList<>();
        for (var element = splitter.next(); element != null; element = splitter.next()) {
            elements.add(element);
        }
        return new Split(elements, splitter.fault());
    }

    private record Split(
            List<RecordSplitter.Element> elements,
            @org.jspecify.annotations.Nullable String fault) {
        List<String> texts() {
            return elements.stream()
                    .map(element -> new String(element.bytes(), UTF_8))
                    .toList();
        }

        List<String> wholeTexts() {
            return elements.stream()
                    .filter(RecordSplitter.Element::whole)
                    .map(element -> new String(element.bytes(), UTF_8))
                    .toList();
        }
    }
}
