package dev.keyproof.log.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyproof.log.LogCorruptException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EntryBundleTest {
    @Property(tries = 200, seed = "9162")
    void isReadAsItIsWritten(@ForAll @Size(max = 256) List<byte @Size(max = 300) []> entries) throws Exception {
        assertThat(EntryBundle.decode(EntryBundle.encode(entries))).containsExactlyElementsOf(entries);
    }

    /** Cut anywhere, it is either refused or holds fewer entries; never other ones. */
    @Property(tries = 100, seed = "9162")
    void isRefusedWhenItEndsWithinAnEntry(@ForAll @Size(min = 1, max = 5) List<byte @Size(max = 20) []> entries)
            throws Exception {
        byte[] bundle = EntryBundle.encode(entries);
        for (int length = 0; length < bundle.length; length++) {
            byte[] cut = Arrays.copyOf(bundle, length);
            try {
                List<byte[]> read = EntryBundle.decode(cut);
                assertThat(read).hasSizeLessThan(entries.size());
                assertThat(read).containsExactlyElementsOf(entries.subList(0, read.size()));
            } catch (LogCorruptException e) {
                assertThat(e).hasMessageContaining("ends within");
            }
        }
    }

    @Test
    void takesTheLargestEntryAndNoLarger() throws Exception {
        byte[] bundle = EntryBundle.encode(List.of(new byte[65_535]));
        assertThat(bundle).hasSize(65_537).startsWith(0xff, 0xff);
        assertThat(EntryBundle.decode(bundle)).containsExactly(new byte[65_535]);
        assertThatIllegalArgumentException().isThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])));
    }

    @Test
    void namesThePlaceOfTheFault() {
        assertThatExceptionOfType(LogCorruptException.class)
                .isThrownBy(() -> EntryBundle.decode(new byte[] {0, 1, 9, 0}))
                .withMessageContaining("at byte 3");
        assertThatExceptionOfType(LogCorruptException.class)
                .isThrownBy(() -> EntryBundle.decode(new byte[] {0, 1, 9, 0, 2, 9}))
                .withMessageContaining("at byte 3");
    }
}
