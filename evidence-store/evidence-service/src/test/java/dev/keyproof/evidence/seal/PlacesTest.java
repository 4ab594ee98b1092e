package dev.keyproof.evidence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlacesTest {
    private static final TreeHasher HASHER = new TreeHasher();

    @TempDir
    Path dir;

    @Test
    void remembersEachPlaceOfEachSource() throws Exception {
        // Given
        Random random = new Random(7);
        Files.write(dir.resolve("places"), new byte[100_000]);
        try (Places places = Places.open(dir.resolve("places"))) {
            Places.Source[] sources = {places.source(), places.source(), places.source()};
            Map<String, Hash> model = new HashMap<>();

            // When
            for (int i = 0; i < 20_000; i++) {
                int source = random.nextInt(sources.length);
                long place = place(random);
                boolean known = model.containsKey(source + "/" + place);
                assertThat(sources[source].has(place)).isEqualTo(known);
                if (!known) {
                    sources[source].put(place, leaf(i));
                    model.put(source + "/" + place, leaf(i));
                }
            }

            // Then
            model.forEach((key, leaf) -> {
                Places.Source source = sources[key.charAt(0) - '0'];
                long place = Long.parseLong(key.substring(2));
                assertThat(source.holds(place, leaf)).isTrue();
                assertThat(source.holds(place, leaf(-1))).isFalse();
                assertThat(source.firstFrom(place)).isEqualTo(place);
            });
            assertThat(sources[0].count() + sources[1].count() + sources[2].count())
                    .isEqualTo(model.size());
        }
        assertThat(dir.resolve("places")).doesNotExist();
    }

    private static long place(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(3000);
            case 1 -> Long.MAX_VALUE - random.nextInt(3000);
            default -> random.nextLong() & Long.MAX_VALUE;
        };
    }

    @Test
    void aSourceThatOutrunsItsHeadsIsStillFollowed() throws Exception {
        // Given
        try (Places places = Places.open(dir.resolve("places"))) {
            SourceStream stream = new SourceStream("broker-1", "epoch", places.source());
            int beyond = SourceStream.MOST_UNATTESTED + 10;

            // When: its first record is missing, and more follow than are kept in memory
            for (int i = 1; i <= beyond; i++) {
                stream.sealed(i, leaf(i), true, 0);
            }

            // Then
            assertThat(stream.gap()).contains(new SourceStream.Gap(0, 1));
            assertThat(stream.own()).isTrue();
            assertThat(stream.waitingNanos(5)).isEqualTo(5);

            // When
            stream.sealed(0, leaf(0), true, 0);
            stream.sealed(beyond + 2, leaf(1), true, 0);

            // Then
            assertThat(stream.next()).isEqualTo(beyond + 1);
            assertThat(stream.gap()).contains(new SourceStream.Gap(beyond + 1, beyond + 2));
            assertThat(stream.holds(77, leaf(77))).isTrue();
            assertThat(stream.root(3)).isEmpty();
            assertThat(stream.attested()).isZero();
        }
    }

    private static Hash leaf(int number) {
        return HASHER.leaf(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
