package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.PackHistory;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.SealedDecision;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRanges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack as history: what it proves, and nothing of one that is broken. */
class PackHistoryTest {
    @TempDir
    private Path dir;

    private final TestingPack packs = new TestingPack();

    private Path pack(byte[] bytes) throws Exception {
        return Files.write(dir.resolve("pack.zip"), bytes);
    }

    @Test
    void itsDecisionsAreReadAndProven() throws Exception {
        List<byte[]> entries = packs.entries(300);
        PackHistory history = new PackHistory(pack(packs.pack(entries)), packs.trust());
        List<SealedDecision> decisions = new ArrayList<>();

        assertThat(history.read(Period.ALL, decisions::add)).isEmpty();

        assertThat(history.unproven()).isEmpty();
        assertThat(history.isWhole()).isTrue();
        // All but the enrolment, the finding and the head.
        assertThat(decisions).hasSize(297);
        CompactRange range = new CompactRange();
        entries.forEach(entry -> range.append(new TreeHasher().leaf(entry)));
        for (SealedDecision decision : List.of(decisions.getFirst(), decisions.get(290))) {
            InclusionProof proof = history.proof(decision.place());
            byte[] entry = entries.get((int) decision.place().index());
            assertThat(proof.verifies(new TreeHasher().leaf(entry), range.root()))
                    .isTrue();
        }
    }

    @Test
    void onlyAPartSaysSo() throws Exception {
        List<byte[]> entries = packs.entries(300);
        PackHistory range = new PackHistory(
                pack(TestingRanges.pack(packs, entries, 256, OptionalLong.empty(), List.of(), files -> {})),
                packs.trust());
        range.read(Period.ALL, decision -> {});
        assertThat(range.isWhole()).isFalse();
        assertThat(range.unproven())
                .contains("Of " + TestingPack.ORIGIN
                        + " the entries before 256 are not in the pack: what they told is not counted.");

        PackHistory untrusted = new PackHistory(pack(packs.pack(entries)), null);
        untrusted.read(Period.ALL, decision -> {});
        assertThat(untrusted.isWhole()).isTrue();
        assertThat(untrusted.unproven())
                .contains("Who signed the pack is not proven: --trust FILE says whom to trust.");
    }

    @Test
    void aBrokenOneIsRefused() throws Exception {
        byte[] broken = packs.pack(packs.entries(300));
        broken[broken.length / 2] ^= 1;
        PackHistory history = new PackHistory(pack(broken), packs.trust());

        assertThatThrownBy(() -> history.read(Period.ALL, decision -> {}))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("is broken");
        assertThatThrownBy(() -> new PackHistory(dir.resolve("none.zip"), null).read(Period.ALL, decision -> {}))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("no such file");
    }
}
