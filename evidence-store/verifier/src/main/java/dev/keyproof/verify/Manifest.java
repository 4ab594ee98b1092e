package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pack says it is: scope, logs, policies, and every file with its size and digest but the two that sign this one
 * and the time token over the first of them.
 *
 * @param form which files follow from the entries
 * @param scope what was asked for
 * @param logs each log with its size and root
 * @param policies {@code sha256:} digests of the policies and data sets in {@code policy/}, sorted
 * @param files each file's size and digest
 */
public record Manifest(
        PackForm form, ObjectNode scope, List<Log> logs, List<String> policies, SortedMap<String, FileDigest> files) {
    /** The manifest's name in the pack. */
    public static final String NAME = "manifest.json";

    /** Its CMS signature. */
    public static final String CMS = "manifest.p7s";

    /** Its DSSE signature. */
    public static final String DSSE = "manifest.dsse.json";

    /** A log's state at the pack's time; {@code path} is its folder in the pack, {@code from} the first entry carried. */
    public record Log(String origin, String path, long from, long size, byte[] root) {}

    /** Size in bytes and SHA-256 in hex. */
    public record FileDigest(long size, String sha256) {}

    /** The manifest's bytes. */
    public byte[] bytes() {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("keyproof", form.text());
        json.set("scope", scope);
        ArrayNode logArray = json.putArray("logs");
        for (Log log : logs) {
            logArray.addObject()
                    .put("origin", log.origin)
                    .put("path", log.path)
                    .put("from", log.from)
                    .put("size", log.size)
                    .put("root", Base64.getEncoder().encodeToString(log.root));
        }
        ArrayNode policyArray = json.putArray("policies");
        policies.forEach(policyArray::add);
        ObjectNode fileObject = json.putObject("files");
        files.forEach((name, digest) ->
                fileObject.putObject(name).put("size", digest.size).put("sha256", digest.sha256));
        return CanonicalJson.bytes(json);
    }

    static Manifest parse(byte[] bytes) throws BrokenPackException {
        ObjectNode json = CanonicalJson.parse(bytes, NAME, "manifest");
        PackForm form = PackForm.of(json.path("keyproof").asText())
                .orElseThrow(() -> BrokenPackException.at(
                        Reason.MANIFEST_FORM, NAME, "keyproof", "not a manifest of the form pack/v1 or pack/v2"));
        if (!(json.get("scope") instanceof ObjectNode scope)
                || !json.path("logs").isArray()
                || !json.path("policies").isArray()
                || !json.path("files").isObject()) {
            throw BrokenPackException.of(Reason.MANIFEST_FORM, NAME, "scope, logs, policies or files is missing");
        }
        List<Log> logs = new ArrayList<>();
        for (JsonNode log : json.path("logs")) {
            logs.add(log(log));
        }
        requireDistinct(logs);
        List<String> policies = new ArrayList<>();
        json.path("policies").forEach(digest -> policies.add(digest.asText()));
        TreeMap<String, FileDigest> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : json.path("files").properties()) {
            JsonNode size = file.getValue().path("size");
            String sha256 = file.getValue().path("sha256").asText();
            if (!size.canConvertToLong() || sha256.length() != 64) {
                throw BrokenPackException.at(Reason.MANIFEST_FORM, NAME, file.getKey(), "size or sha256 is missing");
            }
            files.put(file.getKey(), new FileDigest(size.longValue(), sha256));
        }
        Manifest manifest = new Manifest(form, scope, List.copyOf(logs), List.copyOf(policies), files);
        // What the record does not hold would be signed and yet unread.
        int differs = java.util.Arrays.mismatch(bytes, manifest.bytes());
        if (differs >= 0) {
            throw BrokenPackException.at(
                    Reason.MANIFEST_UNKNOWN, NAME, "byte " + differs, "holds something that the form does not know");
        }
        return manifest;
    }

    /** At least one, each of its own origin in a folder of its own: what is checked of one must not be read of another. */
    private static void requireDistinct(List<Log> logs) throws BrokenPackException {
        Set<String> origins = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (Log log : logs) {
            if (!origins.add(log.origin)) {
                throw BrokenPackException.at(Reason.LOG_TWICE, NAME, "logs", "the log " + log.origin + " stands twice");
            }
            if (!paths.add(log.path)) {
                throw BrokenPackException.at(
                        Reason.LOG_FOLDER, NAME, "logs", "two logs stand in the folder " + log.path);
            }
            if (!log.path.matches("log/[0-9]{4}")) {
                throw BrokenPackException.at(
                        Reason.LOG_FOLDER, NAME, "logs", "a log stands in another folder than log/YEAR");
            }
            String year = log.path.substring(log.path.lastIndexOf('/'));
            if (!log.origin.endsWith(year)) {
                throw BrokenPackException.at(
                        Reason.WRONG_YEAR,
                        NAME,
                        "logs",
                        "the log " + log.origin + ", whose name ends in its year, stands in " + log.path);
            }
        }
        if (logs.isEmpty()) {
            throw BrokenPackException.at(Reason.LOG_NONE, NAME, "logs", "there is none, so there is nothing to prove");
        }
    }

    private static Log log(JsonNode log) throws BrokenPackException {
        try {
            byte[] root = Base64.getDecoder().decode(log.path("root").asText());
            long size = log.path("size").asLong(-1);
            long from = log.path("from").asLong(-1);
            if (root.length != 32 || from < 0 || size < from) {
                throw BrokenPackException.at(
                        Reason.MANIFEST_FORM, NAME, "logs", "size, from or root of a log makes no sense");
            }
            return new Log(log.path("origin").asText(), log.path("path").asText(), from, size, root);
        } catch (IllegalArgumentException e) {
            throw BrokenPackException.at(Reason.MANIFEST_FORM, NAME, "logs", "a root is not base64");
        }
    }

    /** The digest of a file's content. */
    public static FileDigest digest(byte[] content) {
        return new FileDigest(content.length, HexFormat.of().formatHex(Digests.sha256(content)));
    }
}
