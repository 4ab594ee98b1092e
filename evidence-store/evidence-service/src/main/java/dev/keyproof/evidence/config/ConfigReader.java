package dev.keyproof.evidence.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the YAML and tells every fault at once, each by its key. Used once. */
public final class ConfigReader {
    private static final int DEFAULT_INTERVAL_SECONDS = 10;
    private static final int DEFAULT_COPY_SECONDS = 60;
    private static final int MAX_RETENTION_DAYS = 36_500;

    private final List<String> faults = new ArrayList<>();

    private ConfigReader() {}

    /**
     * Reads a file.
     *
     * @throws ConfigException with one line for each fault
     */
    public static EvidenceConfig read(Path file) throws ConfigException {
        JsonNode yaml;
        try {
            yaml = new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read as YAML: " + firstLine(e)));
        }
        ConfigReader reader = new ConfigReader();
        EvidenceConfig config = reader.config(yaml);
        if (!reader.faults.isEmpty()) {
            throw new ConfigException(
                    reader.faults.stream().map(fault -> file + ": " + fault).toList());
        }
        return config;
    }

    private EvidenceConfig config(JsonNode yaml) {
        known(
                yaml,
                "",
                Set.of(
                        "name",
                        "home",
                        "http",
                        "kafka",
                        "kafkaFiles",
                        "log",
                        "token",
                        "journals",
                        "jwt",
                        "tsa",
                        "policies",
                        "policySignature",
                        "witnesses",
                        "approvers",
                        "approvalAudience",
                        "access",
                        "search",
                        "remote"));
        JsonNode http = section(yaml, "http", Set.of("port"));
        JsonNode token = section(yaml, "token", Set.of("module", "label", "pinFile"));
        JsonNode jwt = section(yaml, "jwt", Set.of("jwks", "issuer", "audience", "algorithms"));
        Map<String, String> kafka = strings(yaml.path("kafka"), "kafka");
        if (!kafka.containsKey("bootstrap.servers")) {
            faults.add("kafka.bootstrap.servers is missing");
        }
        Map<String, Path> kafkaFiles = new LinkedHashMap<>();
        strings(yaml.path("kafkaFiles"), "kafkaFiles").forEach((key, value) -> kafkaFiles.put(key, Path.of(value)));
        String name = text(yaml, "", "name");
        if (!name.matches("[a-z0-9][a-z0-9.-]{0,62}")) {
            faults.add("name: not 1 to 63 of a-z, 0-9, '.' and '-'");
        }
        return new EvidenceConfig(
                name,
                Path.of(text(yaml, "", "home")).toAbsolutePath().normalize(),
                new EvidenceConfig.Http(port(http)),
                kafka,
                kafkaFiles,
                log(yaml),
                new EvidenceConfig.TokenSettings(
                        Path.of(text(token, "token.", "module")),
                        text(token, "token.", "label"),
                        Path.of(text(token, "token.", "pinFile"))),
                paths(yaml, "journals"),
                new EvidenceConfig.Jwt(
                        uri(jwt, "jwt.", "jwks"),
                        text(jwt, "jwt.", "issuer"),
                        jwt.path("audience").asText("keyproof"),
                        algorithms(jwt)),
                yaml.has("tsa") ? tsa(section(yaml, "tsa", Set.of("url", "chain", "crls", "intervalSeconds"))) : null,
                paths(yaml, "policies"),
                policySignature(
                        yaml.has("policySignature")
                                ? section(yaml, "policySignature", Set.of("key", "algorithm", "unsigned"))
                                : MissingNode.getInstance()),
                yaml.has("witnesses")
                        ? witnesses(section(yaml, "witnesses", Set.of("quorum", "intervalSeconds", "list")))
                        : EvidenceConfig.Witnessing.none(),
                yaml.has("approvers") ? Path.of(text(yaml, "", "approvers")) : null,
                yaml.has("approvalAudience") ? Optional.of(text(yaml, "", "approvalAudience")) : Optional.empty(),
                accessPolicy(yaml),
                yaml.has("search")
                        ? search(section(yaml, "search", Set.of("url", "username", "passwordFile")))
                        : Optional.empty(),
                yaml.has("remote")
                        ? remote(section(
                                yaml,
                                "remote",
                                Set.of("url", "endpoint", "region", "credentials", "retentionDays", "intervalSeconds")))
                        : Optional.empty());
    }

    private Optional<RemoteConfig> remote(JsonNode remote) {
        Optional<URI> endpoint =
                remote.has("endpoint") ? Optional.of(uri(remote, "remote.", "endpoint")) : Optional.empty();
        if (endpoint.isPresent() && !isSafe(endpoint.get())) {
            faults.add("remote.endpoint: neither https: nor http: on loopback");
        }
        // There is no default: a lock in compliance mode cannot be taken back.
        int days = remote.path("retentionDays").asInt(0);
        if (days < 1 || days > MAX_RETENTION_DAYS) {
            faults.add("remote.retentionDays: missing, or not from 1 to " + MAX_RETENTION_DAYS);
        }
        int seconds = remote.path("intervalSeconds").asInt(DEFAULT_COPY_SECONDS);
        if (seconds < 1) {
            faults.add("remote.intervalSeconds: not a number from 1");
        }
        String url = text(remote, "remote.", "url");
        try {
            return Optional.of(new RemoteConfig(
                    S3Place.parse(url),
                    endpoint,
                    remote.path("region").asText("us-east-1"),
                    remote.has("credentials")
                            ? Optional.of(Path.of(text(remote, "remote.", "credentials")))
                            : Optional.empty(),
                    days,
                    seconds));
        } catch (IllegalArgumentException e) {
            if (!url.isBlank()) {
                faults.add("remote.url: " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private EvidenceConfig.PolicySignature policySignature(JsonNode signature) {
        JsonNode unsigned = signature.path("unsigned");
        if (!unsigned.isMissingNode() && !unsigned.isBoolean()) {
            faults.add("policySignature.unsigned: neither true nor false");
        }
        return new EvidenceConfig.PolicySignature(
                signature.has("key")
                        ? Optional.of(Path.of(text(signature, "policySignature.", "key")))
                        : Optional.empty(),
                signature.path("algorithm").asText("RS256"),
                unsigned.asBoolean(false));
    }

    private Optional<Path> accessPolicy(JsonNode yaml) {
        return yaml.has("access")
                ? Optional.of(Path.of(text(section(yaml, "access", Set.of("policy")), "access.", "policy")))
                : paths(yaml, "policies").stream().findFirst();
    }

    private Optional<SearchConfig> search(JsonNode search) {
        URI url = uri(search, "search.", "url");
        if (!isSafe(url)) {
            faults.add("search.url: neither https: nor http: on loopback");
        }
        return Optional.of(new SearchConfig(
                URI.create(url.toString().replaceAll("/+$", "")),
                search.has("username") ? Optional.of(text(search, "search.", "username")) : Optional.empty(),
                search.has("passwordFile")
                        ? Optional.of(Path.of(text(search, "search.", "passwordFile")))
                        : Optional.empty()));
    }

    /** What is copied is signed, but who sees the traffic could keep it from arriving. */
    private static boolean isSafe(URI url) {
        String host = String.valueOf(url.getHost());
        return "https".equals(url.getScheme())
                || ("http".equals(url.getScheme())
                        && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]")));
    }

    private EvidenceConfig.LogSettings log(JsonNode yaml) {
        if (!yaml.has("log")) {
            return new EvidenceConfig.LogSettings(false);
        }
        JsonNode immutable = section(yaml, "log", Set.of("immutable")).path("immutable");
        if (!immutable.isMissingNode() && !immutable.isBoolean()) {
            faults.add("log.immutable: neither true nor false");
        }
        return new EvidenceConfig.LogSettings(immutable.asBoolean(false));
    }

    private EvidenceConfig.Tsa tsa(JsonNode tsa) {
        int seconds = tsa.path("intervalSeconds").asInt(DEFAULT_INTERVAL_SECONDS);
        if (seconds < 1) {
            faults.add("tsa.intervalSeconds: not a number from 1");
        }
        return new EvidenceConfig.Tsa(
                uri(tsa, "tsa.", "url"),
                Path.of(text(tsa, "tsa.", "chain")),
                tsa.has("crls") ? Optional.of(Path.of(text(tsa, "tsa.", "crls"))) : Optional.empty(),
                seconds);
    }

    private EvidenceConfig.Witnessing witnesses(JsonNode witnesses) {
        List<EvidenceConfig.Witness> list = new ArrayList<>();
        for (JsonNode witness : witnesses.path("list")) {
            String prefix = "witnesses.list[" + list.size() + "].";
            known(witness, prefix, Set.of("url", "vkey"));
            try {
                NoteVerifier vkey = NoteVerifier.parse(text(witness, prefix, "vkey"));
                if (vkey.type() != NoteKey.COSIGNATURE) {
                    faults.add(prefix + "vkey: a witness's key is of type 4, as 'keyproof witness key' prints it");
                }
                list.add(new EvidenceConfig.Witness(uri(witness, prefix, "url"), vkey));
            } catch (NoteException e) {
                faults.add(prefix + "vkey: " + e.getMessage());
            }
        }
        if (list.stream().map(one -> one.vkey().key()).distinct().count() != list.size()) {
            faults.add("witnesses.list: a witness counts once");
        }
        int quorum = witnesses.path("quorum").asInt(list.size());
        if (quorum < 1 || quorum > Math.max(1, witnesses.path("list").size())) {
            faults.add("witnesses.quorum: not from 1 to the number of witnesses");
        }
        int seconds = witnesses.path("intervalSeconds").asInt(DEFAULT_INTERVAL_SECONDS);
        if (seconds < 1) {
            faults.add("witnesses.intervalSeconds: not a number from 1");
        }
        return new EvidenceConfig.Witnessing(quorum, seconds, list);
    }

    private List<String> algorithms(JsonNode jwt) {
        List<String> algorithms = new ArrayList<>();
        jwt.path("algorithms").forEach(one -> algorithms.add(one.asText()));
        for (String algorithm : algorithms) {
            if (!algorithm.matches("(ES|RS|PS)(256|384|512)")) {
                faults.add("jwt.algorithms: " + algorithm + " is none of ES, RS or PS with 256, 384 or 512");
            }
        }
        return algorithms.isEmpty() ? List.of("ES256") : List.copyOf(algorithms);
    }

    private int port(JsonNode http) {
        int port = http.path("port").asInt(-1);
        if (port < 0 || port > 65_535) {
            faults.add("http.port: missing, or not from 0 to 65535");
        }
        return port;
    }

    private JsonNode section(JsonNode yaml, String key, Set<String> known) {
        JsonNode section = yaml.path(key);
        if (!section.isObject()) {
            faults.add(key + ": missing");
            return MissingNode.getInstance();
        }
        known(section, key + ".", known);
        return section;
    }

    private void known(JsonNode object, String prefix, Set<String> known) {
        if (!(object instanceof ObjectNode)) {
            faults.add("not a map of settings");
            return;
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                faults.add(prefix + name + ": unknown; known are " + String.join(", ", new TreeSet<>(known)));
            }
        });
    }

    private String text(JsonNode object, String prefix, String key) {
        String value = object.path(key).asText();
        // A section that is missing as a whole was reported as such.
        if (value.isBlank() && !object.isMissingNode()) {
            faults.add(prefix + key + ": missing");
        }
        return value;
    }

    private URI uri(JsonNode object, String prefix, String key) {
        String value = text(object, prefix, key);
        try {
            return URI.create(value);
        } catch (IllegalArgumentException e) {
            faults.add(prefix + key + ": not a URL");
            return URI.create("");
        }
    }

    private List<Path> paths(JsonNode yaml, String key) {
        List<Path> paths = new ArrayList<>();
        yaml.path(key).forEach(path -> paths.add(Path.of(path.asText())));
        return List.copyOf(paths);
    }

    private Map<String, String> strings(JsonNode object, String key) {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getValue().isValueNode()) {
                strings.put(entry.getKey(), entry.getValue().asText());
            } else {
                faults.add(key + "." + entry.getKey() + ": not a plain value");
            }
        }
        return strings;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
