package dev.keyproof.log.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.IntRange;

/** Frontier and proofs against the definitions of RFC 6962, and against everything that was altered. */
class MerklePropertyTest {
    private static final int LARGEST = 300;

    private final NaiveTree naive = new NaiveTree(IntStream.range(0, LARGEST)
            .mapToObj(i -> ("entry " + i).getBytes(StandardCharsets.UTF_8))
            .toList());

    /** A smaller number and a larger one, at most {@link #LARGEST}. */
    @Provide
    Arbitrary<Tuple2<Integer, Integer>> pairs() {
        return Arbitraries.integers()
                .between(1, LARGEST)
                .flatMap(to -> Arbitraries.integers().between(0, to - 1).map(from -> Tuple.of(from, to)));
    }

    private static CompactRange grown(NaiveTree tree, int size) {
        CompactRange range = new CompactRange();
        IntStream.range(0, size).forEach(i -> range.append(tree.leaf(i)));
        return range;
    }

    private static Hash flipped(Hash hash, int bit) {
        byte[] bytes = hash.bytes();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        return Hash.of(bytes);
    }

    @Property(tries = 150, seed = "6962")
    void theFrontierLeadsToTheRootAlsoWhenItIsPutTogetherAgain(@ForAll("pairs") Tuple2<Integer, Integer> sizes) {
        CompactRange range = grown(naive, sizes.get1());
        assertThat(range.root()).isEqualTo(naive.root(sizes.get1()));
        CompactRange again = CompactRange.of(range.size(), range.nodes());
        IntStream.range(sizes.get1(), sizes.get2()).forEach(i -> again.append(naive.leaf(i)));
        assertThat(again.size()).isEqualTo(sizes.get2().longValue());
        assertThat(again.root()).isEqualTo(naive.root(sizes.get2()));
    }

    @Property(tries = 200, seed = "6962")
    void inclusionIsProvenAndNothingElse(
            @ForAll("pairs") Tuple2<Integer, Integer> place, @ForAll @IntRange(max = 255) int bit) throws Exception {
        int index = place.get1();
        int size = place.get2();
        Hash leaf = naive.leaf(index);
        Hash root = naive.root(size);
        InclusionProof proof = InclusionProof.of(index, size, naive.source());
        assertThat(proof.path()).isEqualTo(naive.inclusion(index, size));
        assertThat(proof.verifies(leaf, root)).isTrue();

        assertThat(proof.verifies(flipped(leaf, bit), root)).isFalse();
        assertThat(proof.verifies(leaf, flipped(root, bit))).isFalse();
        for (List<Hash> altered : alterations(proof.path(), bit)) {
            assertThat(new InclusionProof(index, size, altered).verifies(leaf, root))
                    .isFalse();
        }
        int other = (index + 1 + bit) % size;
        if (other != index) {
            assertThat(new InclusionProof(other, size, proof.path()).verifies(leaf, root))
                    .isFalse();
        }
    }

    @Property(tries = 200, seed = "6962")
    void consistencyIsProvenAndNothingElse(
            @ForAll("pairs") Tuple2<Integer, Integer> sizes, @ForAll @IntRange(max = 255) int bit) throws Exception {
        int from = Math.max(1, sizes.get1());
        int to = Math.max(from, sizes.get2());
        Hash older = naive.root(from);
        Hash newer = naive.root(to);
        ConsistencyProof proof = ConsistencyProof.of(from, to, naive.source());
        assertThat(proof.path()).isEqualTo(naive.consistency(from, to));
        assertThat(proof.verifies(older, newer)).isTrue();

        assertThat(proof.verifies(flipped(older, bit), newer)).isFalse();
        assertThat(proof.verifies(older, flipped(newer, bit))).isFalse();
        for (List<Hash> altered : alterations(proof.path(), bit)) {
            assertThat(new ConsistencyProof(from, to, altered).verifies(older, newer))
                    .isFalse();
        }
    }

    /** One bit of each hash, one hash more at either end, one less. */
    private static List<List<Hash>> alterations(List<Hash> path, int bit) {
        List<List<Hash>> altered = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            List<Hash> other = new ArrayList<>(path);
            other.set(i, flipped(path.get(i), bit));
            altered.add(other);
            List<Hash> shorter = new ArrayList<>(path);
            shorter.remove(i);
            altered.add(shorter);
        }
        Hash more = flipped(new TreeHasher().empty(), bit);
        List<Hash> longer = new ArrayList<>(path);
        longer.addFirst(more);
        altered.add(longer);
        List<Hash> longerAtTheEnd = new ArrayList<>(path);
        longerAtTheEnd.add(more);
        altered.add(longerAtTheEnd);
        return altered;
    }

    /** Two logs that differ in one entry of the older tree: no proof of one leads to the head of the other. */
    @Property(tries = 60, seed = "6962")
    void aForkHasNoConsistencyProof(
            @ForAll("pairs") Tuple2<Integer, Integer> sizes, @ForAll @IntRange(max = 299) int at) throws Exception {
        int from = Math.max(1, sizes.get1());
        int to = Math.max(from, sizes.get2());
        int changed = at % from;
        NaiveTree fork = new NaiveTree(IntStream.range(0, LARGEST)
                .mapToObj(i -> ((i == changed ? "forged " : "entry ") + i).getBytes(StandardCharsets.UTF_8))
                .toList());
        for (NaiveTree prover : List.of(naive, fork)) {
            assertThat(ConsistencyProof.of(from, to, prover.source()).verifies(naive.root(from), fork.root(to)))
                    .isFalse();
        }
    }
}
