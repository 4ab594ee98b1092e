package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that goes on after the year in which it began was dropped. */
final class SourceStreamTest {
    private final TreeHasher hasher = new TreeHasher();

    @TempDir
    Path dir;

    private Places before;
    private Places after;

    @BeforeEach
    void open() throws Exception {
        before = Places.open(dir.resolve("before"));
        after = Places.open(dir.resolve("after"));
    }

    @AfterEach
    void close() throws Exception {
        before.close();
        after.close();
    }

    @Test
    void aHeadOverEntriesOfBothYearsIsHeldAgainstAllOfThem() {
        SourceStream old = stream(before);
        for (int i = 0; i < 6; i++) {
            old.sealed(i, leaf(i), true, 0);
        }
        old.attest(4, 0);

        SourceStream next = begun(old);

        assertThat(next.attested()).isEqualTo(4);
        assertThat(next.isDropped(5)).isTrue();
        assertThat(next.holds(5, leaf(5))).isFalse();
        next.sealed(6, leaf(6), true, 0);
        assertThat(next.count()).isEqualTo(7);
        assertThat(next.root(7)).contains(root(7));
        assertThat(next.gap()).isEmpty();
    }

    @Test
    void whatWasMissingOfOursMayStillCome() {
        SourceStream old = stream(before);
        for (int i : List.of(0, 1, 4)) {
            old.sealed(i, leaf(i), true, 0);
        }

        SourceStream next = begun(old);

        assertThat(next.gap()).contains(new SourceStream.Gap(2, 4));
        assertThat(next.has(2)).isFalse();
        assertThat(next.isDropped(4)).isTrue();
        next.sealed(2, leaf(2), true, 0);
        next.sealed(3, leaf(3), true, 0);
        assertThat(next.next()).isEqualTo(5);
        assertThat(next.gap()).isEmpty();
        assertThat(next.root(5)).contains(root(5));
    }

    @Test
    void ofOneThatWasOutrunWhatComesLateIsNoGap() {
        SourceStream old = stream(before);
        old.sealed(0, leaf(0), true, 0);
        for (long i = 2; i <= SourceStream.MOST_UNATTESTED + 2; i++) {
            old.sealed(i, leaf(7), true, 0);
        }
        long end = SourceStream.MOST_UNATTESTED + 3L;

        SourceStream next = begun(old);
        next.sealed(1, leaf(1), true, 0);

        assertThat(next.own()).isTrue();
        assertThat(next.gap()).isEmpty();
        next.sealed(end + 2, leaf(8), true, 0);
        assertThat(next.gap()).contains(new SourceStream.Gap(end, end + 2));
    }

    private SourceStream begun(SourceStream old) {
        SourceStream next = stream(after);
        next.begin(old.snapshot(), 0);
        return next;
    }

    private static SourceStream stream(Places places) {
        return new SourceStream("source", "epoch", places.source());
    }

    private Hash leaf(int n) {
        return hasher.leaf(Integer.toString(n).getBytes(StandardCharsets.UTF_8));
    }

    private Hash root(int size) {
        CompactRange range = new CompactRange();
        for (int i = 0; i < size; i++) {
            range.append(leaf(i));
        }
        return range.root();
    }
}
