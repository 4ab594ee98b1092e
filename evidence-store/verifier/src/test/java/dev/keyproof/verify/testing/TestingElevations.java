package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.TrustFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a broker wrote when olga was lent a role and a hat, carol broke the glass, and gina was enrolled as an approver and revoked;
 * open to be changed and signed anew.
 */
public final class TestingElevations {
    private final TestingPack testing;
    private final List<ObjectNode> written = read();
    private final Map<String, KeyPair> keys = new TreeMap<>();

    public TestingElevations(TestingPack testing) {
        this.testing = testing;
    }

    /** What that broker wrote, in its order. */
    public List<ObjectNode> written() {
        return written;
    }

    /** The record of an operation, to be changed. */
    public ObjectNode event(String operation) {
        return written.stream()
                .filter(event -> event.path("api").path("operation").asText().equals(operation))
                .findFirst()
                .orElseThrow()
                .deepCopy();
    }

    /** Its detail. */
    public static ObjectNode detail(ObjectNode event) {
        return event.withObject("/unmapped/keyproof/detail");
    }

    /** The file of its approval in a pack. */
    public static String file(ObjectNode event) {
        return "approvals/" + detail(event).path("approval").asText() + ".json";
    }

    /** What policy was told. */
    public static ObjectNode input(ObjectNode event) {
        return event.withObject("/unmapped/keyproof/decision/input");
    }

    /** What policy was told of the terms. */
    public static ObjectNode told(ObjectNode event) {
        return input(event).withObject("/request/parameters");
    }

    /** Signs a statement anew, by keys that {@link #enrolled} enrols. */
    public void sign(ObjectNode event, Consumer<ObjectNode> change, String... approvers) {
        ObjectNode detail = detail(event);
        ObjectNode changed = CanonicalJson.object(
                        bytes(detail(event(signedAs(event))).path("statement").asText()))
                .orElseThrow();
        change.accept(changed);
        String statement = new String(CanonicalJson.bytes(changed), StandardCharsets.UTF_8);
        detail.put("statement", statement);
        ArrayNode jws = detail.putArray("jws");
        for (String approver : approvers) {
            jws.add(TestingPack.approval(approver, keys.computeIfAbsent(approver, one -> keyPair()), statement));
        }
    }

    /** The operation that the record was of when it was written. */
    private static String signedAs(ObjectNode event) {
        return detail(event).path("breakGlass").asBoolean() ? "BreakGlass" : "ActivateElevation";
    }

    /** Records that enrol whoever signed so. */
    public List<ObjectNode> enrolled() {
        List<ObjectNode> records = new ArrayList<>();
        keys.forEach((approver, key) -> records.add(CanonicalJson.object(bytes(TestingPack.enrolment(0, approver, key)))
                .orElseThrow()));
        return records;
    }

    /** These records, and this one in the place of what it was made of. */
    public static List<ObjectNode> with(ObjectNode event, List<ObjectNode> others) {
        List<ObjectNode> all = new ArrayList<>(others.stream()
                .filter(other ->
                        !detail(other).path("approval").equals(detail(event).path("approval")))
                .toList());
        all.add(event);
        return all;
    }

    /** These records as one broker's, decided by the policy that the pack holds, and a head over them. */
    public byte[] pack(List<ObjectNode> records) {
        List<byte[]> entries = new ArrayList<>();
        JsonNode place = CanonicalJson.object(bytes(testing.operation(0))).orElseThrow();
        for (ObjectNode record : records) {
            ObjectNode event = record.deepCopy();
            event.withObject("/metadata").put("sequence", entries.size());
            ObjectNode keyproof = event.withObject("/unmapped/keyproof");
            keyproof.set("epoch", place.path("unmapped").path("keyproof").path("epoch"));
            if (keyproof.has("decision")) {
                keyproof.withObject("/decision")
                        .put("policy", testing.policyBundle().digest())
                        .put("data", testing.policyBundle().dataDigest());
            }
            entries.add(bytes(event.toString()));
        }
        entries.add(bytes(TestingPack.attestation(0, entries.size())));
        return testing.pack(entries);
    }

    /** The anchor, which names no approver. */
    public TrustFile trust() {
        TrustFile anchor = testing.trust();
        return new TrustFile(
                anchor.signers(), anchor.timeStampers(), anchor.logKeys(), Map.of(), List.of(), anchor.audiences());
    }

    private static List<ObjectNode> read() {
        try (InputStream in = Objects.requireNonNull(
                TestingElevations.class.getResourceAsStream("/dev/keyproof/verify/elevations.ndjson"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> CanonicalJson.object(bytes(line)).orElseThrow())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            return TestingAuthority.keyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
