package dev.keyproof.log.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
    @Test
    void isWrittenAsTheSpecificationHasIt() {
        assertThat(TilePath.full(0, 0).path()).isEqualTo("tile/0/000");
        assertThat(TilePath.full(0, 1_234_067).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(new TilePath(1, 999, 5).path()).isEqualTo("tile/1/999.p/5");
        assertThat(TilePath.entries(1000, 255).path()).isEqualTo("tile/entries/x001/000.p/255");
    }

    @Property(tries = 500, seed = "9162")
    void isReadAsItIsWritten(
            @ForAll @IntRange(min = -1, max = 63) int level,
            @ForAll @LongRange(min = 0) long index,
            @ForAll @IntRange(min = 1, max = 256) int width) {
        TilePath tile = new TilePath(level, index, width);
        assertThat(TilePath.parse(tile.path())).isEqualTo(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tile/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x000/000",
                "tile/0/001/000",
                "tile/0/x001",
                "tile/00/000",
                "tile/-1/000",
                "tile/64/000",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/1000",
                "tile/0/000.p/",
                "tile/0/000.p",
                "tile/entry/000",
                "/tile/0/000",
                "tile/0/000/",
                "tile/0/000\n",
                "tile/0/../000",
                "tile/0/x999/x999/x999/x999/x999/x999/999",
                "tile/0/\u0661\u0662\u0663"
            })
    void hasOneSpelling(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> TilePath.parse(path));
    }

    @Test
    void isPartialAsTheTreeHasIt() {
        assertThat(TilePath.in(0, 0, 256)).isEqualTo(TilePath.full(0, 0));
        assertThat(TilePath.in(0, 1, 257)).isEqualTo(new TilePath(0, 1, 1));
        assertThat(TilePath.in(TilePath.ENTRIES, 1, 300)).isEqualTo(TilePath.entries(1, 44));
        assertThat(TilePath.in(1, 0, 70_000)).isEqualTo(TilePath.full(1, 0));
        assertThat(TilePath.in(1, 1, 70_000)).isEqualTo(new TilePath(1, 1, 17));
        assertThatIllegalArgumentException().isThrownBy(() -> TilePath.in(0, 1, 256));
        assertThatIllegalArgumentException().isThrownBy(() -> TilePath.in(2, 0, 65_535));
    }
}
