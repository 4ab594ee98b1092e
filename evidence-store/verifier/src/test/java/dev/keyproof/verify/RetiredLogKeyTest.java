package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A key that handed over proves what it signed before, and nothing after. */
final class RetiredLogKeyTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final int SIZE = 10;

    private final byte[] pack = TESTING.pack(TESTING.entries(SIZE));

    @Test
    void oneUpToTheHandoverIsProven() {
        Verifying.proven(pack, until(SIZE));
    }

    @Test
    void oneThatTheSuccessorSignedAsWellIsProven() throws Exception {
        // Given
        TestingNoteSigner next = new TestingNoteSigner(TestingPack.ORIGIN, TestingAuthority.keyPair());
        byte[] both = TESTING.pack(TESTING.entries(SIZE), TESTING.signer, files -> {
            files.put(
                    "trust/log.vkey",
                    (text(files, "trust/log.vkey") + next.verifier().vkey() + "\n").getBytes(StandardCharsets.UTF_8));
            TESTING.cosign(files, next);
        });
        List<LogKey> keys = new ArrayList<>(until(SIZE - 1).logKeys());
        keys.add(LogKey.of(next.verifier()));

        // When, Then
        Verifying.proven(both, with(keys));
        Verifying.proven(pack, with(TESTING.verifiers().stream().map(LogKey::of).toList()));
        assertThat(Verifying.broken(pack, with(keys))).startsWith("log/2026/checkpoint: of 10 entries is signed by");
    }

    @Test
    void theBoundIsALineOfTheTrustFile() throws Exception {
        TrustFile trust = until(7);

        assertThat(trust.text()).contains(" until 7\n");
        assertThat(TrustFile.parse(trust.text())).isEqualTo(trust);
        assertThat(refused(trust.text().replace("until 7", "until -1"))).contains("until a number of entries");
        assertThat(refused(trust.text().replace("until 7", "until later"))).contains("until a number of entries");
    }

    @Test
    void ofTwoBoundsTheTighterCounts() {
        assertThat(Verifying.broken(pack, until(SIZE).and(until(3)))).contains("handed over to others at 3");
        assertThat(Verifying.broken(pack, TESTING.trust().and(until(3)))).contains("handed over to others at 3");
    }

    private static String refused(String text) {
        try {
            return TrustFile.parse(text).text();
        } catch (UnreadableException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static TrustFile until(long size) {
        return with(
                TESTING.verifiers().stream().map(key -> new LogKey(key, size)).toList());
    }

    private static TrustFile with(List<LogKey> keys) {
        TrustFile trust = TESTING.trust();
        return new TrustFile(
                trust.signers(), trust.timeStampers(), keys, trust.approvers(), trust.witnesses(), trust.audiences());
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(Objects.requireNonNull(files.get(name)), StandardCharsets.UTF_8);
    }
}
