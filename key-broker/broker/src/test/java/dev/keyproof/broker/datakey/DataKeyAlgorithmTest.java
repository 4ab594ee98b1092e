package dev.keyproof.broker.datakey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataKeyAlgorithmTest {
    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_XTS", "AES_256_XTS"})
    void theHalvesOfAnXtsKeyDiffer(DataKeyAlgorithm algorithm) throws Exception {
        byte[] differing = filled(algorithm.bytes(), 7);
        differing[algorithm.bytes() - 1] = 8;
        Deque<byte[]> random =
                new ArrayDeque<>(List.of(filled(algorithm.bytes(), 1), filled(algorithm.bytes(), 2), differing));

        assertThat(algorithm.secret(length -> random.pop())).isEqualTo(differing);
        assertThat(random).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"AES_128_XTS", "AES_256_XTS"})
    void whatHasNoHalvesIsTakenAsItComes(DataKeyAlgorithm algorithm) throws Exception {
        assertThat(algorithm.secret(length -> filled(length, 1))).isEqualTo(filled(algorithm.bytes(), 1));
    }
}
