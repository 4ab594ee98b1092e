package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What follows from the entries of a pack alone: findings, approvals, key states, and the policies cited. Whoever makes a pack
 * derives these files with it; whoever verifies derives them again and compares. Used by one thread.
 */
public final class PackContents {
    /** Findings, one a line, in the order in which they were sealed. */
    public static final String FINDINGS = "results/findings.ndjson";

    private final ByteArrayOutputStream findings = new ByteArrayOutputStream();
    private final TreeMap<String, Approval> approvals = new TreeMap<>();
    private final Map<String, ObjectNode> enrolled = new TreeMap<>();
    private final TreeMap<String, ObjectNode> keys = new TreeMap<>();
    private final Map<String, Fault> policies = new LinkedHashMap<>();
    private final Map<String, Fault> dataSets = new LinkedHashMap<>();
    private long entries;
    private long decisions;
    private long findingCount;

    /** Takes the next entry; {@code file} is where it stands in the pack. */
    public void entry(Entry entry, String file) throws BrokenPackException {
        String place = "entry " + entry.index();
        ObjectNode json = CanonicalJson.parseAny(entry.bytes(), file, place);
        entries++;
        int classUid = json.path("class_uid").asInt();
        if (classUid == 2003 || classUid == 2004) {
            findingCount++;
            findings.writeBytes(entry.bytes());
            findings.write('\n');
        }
        JsonNode extension = json.path("unmapped").path("keyproof");
        JsonNode decision = extension.path("decision");
        if (decision.isObject()) {
            decisions++;
            Fault missing = Fault.at(file, place, "cites a policy or data set that the pack does not hold");
            policies.putIfAbsent(decision.path("policy").asText(), missing);
            dataSets.putIfAbsent(decision.path("data").asText(), missing);
        }
        enrol(json);
        if (extension.path("kind").asText().equals("operation")) {
            operation(entry, json, extension);
        }
    }

    private void enrol(ObjectNode json) {
        JsonNode enrolment = enrolment(json);
        if (enrolment.path("jwk") instanceof ObjectNode jwk) {
            // The first enrolment counts: a later record cannot give an approver another key.
            enrolled.putIfAbsent(enrolment.path("approver").asText(), jwk);
        }
    }

    /** Whether an entry enrols an approver's key. */
    public static boolean isEnrolment(JsonNode json) {
        return enrolment(json).path("jwk").isObject();
    }

    private static JsonNode enrolment(JsonNode json) {
        if (json.path("keyproof").asText().equals("enrolment/v1")) {
            return json;
        }
        JsonNode extension = json.path("unmapped").path("keyproof");
        return extension.path("kind").asText().equals("service") ? extension.path("detail") : MissingNode.getInstance();
    }

    private void operation(Entry entry, ObjectNode json, JsonNode extension) {
        JsonNode state = json.path("resources").path(0).path("data");
        String key = state.path("id").asText();
        if (state.path("attributes").isObject() && ZipForm.isName(key)) {
            ObjectNode file = CanonicalJson.MAPPER.createObjectNode();
            file.put("log", entry.log()).put("index", entry.index());
            file.set("state", state);
            keys.put(key, file);
        }
        JsonNode detail = extension.path("detail");
        String id = detail.path("approval").asText();
        if (detail.path("jws").isArray()
                && ZipForm.isName(id)
                && json.path("status_id").asInt(1) == 1) {
            approvals.put(id, Approval.of(id, entry, json, detail, extension.path("decision")));
        }
    }

    /** The files, by name. */
    public SortedMap<String, byte[]> files() {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put(FINDINGS, findings.toByteArray());
        approvals.forEach(
                (id, approval) -> files.put("approvals/" + id + ".json", CanonicalJson.bytes(approval.json(enrolled))));
        keys.forEach((id, state) -> files.put("keys/" + id + ".json", CanonicalJson.bytes(state)));
        return files;
    }

    /** Policy digests that decisions cite, each with the fault it would be not to have it. */
    public Map<String, Fault> policies() {
        return Collections.unmodifiableMap(policies);
    }

    /** Data set digests that decisions cite. */
    public Map<String, Fault> dataSets() {
        return Collections.unmodifiableMap(dataSets);
    }

    SortedMap<String, Approval> approvals() {
        return approvals;
    }

    Map<String, ObjectNode> enrolled() {
        return enrolled;
    }

    public long entries() {
        return entries;
    }

    public long decisions() {
        return decisions;
    }

    public long findings() {
        return findingCount;
    }

    public int keys() {
        return keys.size();
    }
}
