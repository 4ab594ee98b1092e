package dev.keyproof.log.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import org.junit.jupiter.api.Test;

class TileHashesTest {
    @Test
    void refusesATileOfAnotherLength() {
        TileHashes hashes = new TileHashes(path -> new byte[31], 10);
        assertThatExceptionOfType(LogCorruptException.class)
                .isThrownBy(() -> hashes.hash(0, 3))
                .withMessageContaining("tile/0/000.p/10");
    }

    @Test
    void hasNoHashBeyondTheTree() {
        TileHashes hashes = new TileHashes(path -> new byte[path.width() * Hash.LENGTH], 10);
        assertThatExceptionOfType(LogException.class).isThrownBy(() -> hashes.hash(0, 10));
        assertThatExceptionOfType(LogException.class).isThrownBy(() -> hashes.hash(3, 1));
    }

    @Test
    void foldsTheHashesOfATile() throws Exception {
        TileHashes hashes = new TileHashes(
                path -> {
                    byte[] tile = new byte[path.width() * Hash.LENGTH];
                    for (int i = 0; i < path.width(); i++) {
                        tile[i * Hash.LENGTH] = (byte) i;
                    }
                    return tile;
                },
                10);
        TreeHasher hasher = new TreeHasher();
        Hash expected = hasher.node(
                hasher.node(hashes.hash(0, 4), hashes.hash(0, 5)), hasher.node(hashes.hash(0, 6), hashes.hash(0, 7)));
        assertThat(hashes.hash(2, 1)).isEqualTo(expected);
    }
}
