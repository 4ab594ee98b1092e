package dev.keyproof.verify.testing;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Steps of cases as the evidence service seals them. */
public final class TestingCases {
    public static final String ID = "5b0f9f2e-1f3c-4f6d-9d53-3d2a6c1c2a10";
    public static final Scope.Subject SUBJECT = new Scope.Subject(Scope.Subject.Kind.CASE, ID);

    private TestingCases() {}

    /** Puts a step at the end of the entries, after that at {@code previous}. */
    public static void step(List<byte[]> entries, Optional<Integer> previous, CaseStep.Act act) {
        entries.add(entry(new CaseStep(ID, previous.map(at -> leaf(entries, at)), act)));
    }

    /** An entry as it is attached. */
    public static CaseStep.Attached attached(List<byte[]> entries, int index) {
        return new CaseStep.Attached(2026, index, leaf(entries, index));
    }

    public static byte[] entry(CaseStep step) {
        String uid =
                CaseStep.UID_PREFIX + UUID.nameUUIDFromBytes(bytes(step.json().toString()));
        return bytes(
                "{\"class_uid\":6003,\"time\":1700000000000,\"api\":{\"operation\":\"LogCase\",\"service\":{\"name\":"
                        + "\"evidence-service\"}},\"actor\":{\"user\":{\"uid\":\"ann\"}},\"metadata\":{\"uid\":\"" + uid
                        + "\"},\"unmapped\":{\"keyproof\":{\"kind\":\"service\",\"detail\":{\"case\":" + step.json()
                        + "}}}}");
    }

    private static Hash leaf(List<byte[]> entries, int index) {
        return new TreeHasher().leaf(entries.get(index));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
