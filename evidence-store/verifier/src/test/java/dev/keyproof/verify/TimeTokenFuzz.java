package dev.keyproof.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.time.Instant;
import java.util.List;

/** Any bytes are the answer to a request for the time, which then states what the authority signed, or are refused; and so the request. */
public final class TimeTokenFuzz {
    private static final byte[] STAMPED = "a checkpoint".getBytes(UTF_8);
    private static final TestingTimeStamps STAMPS = new TestingTimeStamps(TestingAuthority.timeStamper("Fuzz time"));
    private static final Instant TIME =
            STAMPS.chain().getFirst().getNotBefore().toInstant().plusSeconds(1);
    private static final byte[] REQUEST = TestingTimeStamps.request(STAMPED);
    private static final byte[] ANSWER = STAMPS.answer(REQUEST, TIME);

    private TimeTokenFuzz() {}

    public static List<byte[]> samples() {
        return List.of(ANSWER, REQUEST);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        check(REQUEST, input);
        check(input, ANSWER);
        checkAlone(input);
    }

    /** An answer whose request is not there. */
    private static void checkAlone(byte[] answer) {
        try {
            same(TimeToken.verify(answer, STAMPED, STAMPS.chain(), "time/2026.tsr"));
        } catch (BrokenPackException e) {
            // What is declared.
        }
    }

    private static void check(byte[] request, byte[] answer) {
        try {
            same(TimeToken.verify(request, answer, STAMPED, STAMPS.chain(), "time/2026.tsr"));
        } catch (BrokenPackException e) {
            // What is declared.
        }
    }

    private static void same(TimeToken token) {
        if (!token.time().equals(TIME)) {
            throw new AssertionError("another time than the authority signed: " + token);
        }
    }
}
