package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingYearEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A year's log that is gone is proven by the next one's. */
final class YearEndsTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final TestingYearEnd BEFORE = new TestingYearEnd("keyproof/log/test/2025");
    private static final String ROOT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @Test
    void theNextYearProvesThatTheLogWasAndHowLong() {
        assertThat(notes(BEFORE.entry(12), with(BEFORE.key())))
                .contains("The log keyproof/log/test/2025 ended with 12 entries and the root " + ROOT
                        + ": its last head is entry 3 here, signed by 1 of its keys that the trust file names.");
    }

    @Test
    void withoutAKeyOfThatLogItSaysSo() {
        assertThat(notes(BEFORE.entry(12), TESTING.trust()))
                .contains("The log keyproof/log/test/2025 ended with 12 entries and the root " + ROOT
                        + ": its last head is entry 3 here, and no trust file names a key of that log.");
    }

    @Test
    void aHeadThatNoneOfItsKeysSignedIsFound() {
        assertThat(broken(new TestingYearEnd("keyproof/log/test/2025").entry(12), with(BEFORE.key())))
                .endsWith("entry 3: the last head of keyproof/log/test/2025: no known key signed the note");
        // A key that had handed over before does not sign the end.
        LogKey retired = new LogKey(BEFORE.key().verifier(), 11);
        LogKey next = new TestingYearEnd("keyproof/log/test/2025").key();
        assertThat(broken(BEFORE.entry(12), with(retired, next))).contains("no known key signed");
    }

    @Test
    void aLogThatWentOnDidNotEnd() {
        TestingYearEnd same = new TestingYearEnd(TestingPack.ORIGIN);

        assertThat(broken(same.entry(2), with(same.key())))
                .endsWith("entry 3: says that " + TestingPack.ORIGIN + " ended at 2 entries, and the pack holds more");
    }

    @Test
    void aLogOfThatSizeHasThatRoot() {
        TestingYearEnd same = new TestingYearEnd(TestingPack.ORIGIN);

        assertThat(broken(same.entry(8), with(same.key())))
                .endsWith("entry 3: says that " + TestingPack.ORIGIN
                        + " ended with another root than the pack's log has at that size");
    }

    @Test
    void onlyTheLogItselfSaysIt() {
        String forged = BEFORE.entry(12).replace("evidence-service", "another").replace("\"size\":12", "\"size\":13");

        assertThat(notes(forged, with(BEFORE.key()))).noneMatch(note -> note.contains("ended with"));
    }

    private static List<String> notes(String entry, TrustFile trust) {
        return Verifying.proven(pack(entry), trust).notes();
    }

    private static String broken(String entry, TrustFile trust) {
        return Verifying.broken(pack(entry), trust);
    }

    private static byte[] pack(String entry) {
        List<byte[]> entries = TESTING.entries(8);
        entries.set(3, entry.getBytes(StandardCharsets.UTF_8));
        return TESTING.pack(entries);
    }

    private static TrustFile with(LogKey... keys) {
        TrustFile trust = TESTING.trust();
        List<LogKey> all = new ArrayList<>(trust.logKeys());
        all.addAll(List.of(keys));
        return new TrustFile(
                trust.signers(), trust.timeStampers(), all, trust.approvers(), trust.witnesses(), trust.audiences());
    }
}
