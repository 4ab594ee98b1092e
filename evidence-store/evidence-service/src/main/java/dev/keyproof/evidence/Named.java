package dev.keyproof.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.AccessPolicy;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.head.TimeAuthority;
import dev.keyproof.evidence.seal.Places;
import dev.keyproof.evidence.seal.RefusedPolicies;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.verify.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the configuration names by files. */
final class Named {
    private Named() {}

    static BundleTrust trust(EvidenceConfig.PolicySignature signature) throws EvidenceException {
        try {
            return BundleTrust.of(signature.key().orElse(null), signature.algorithm(), signature.unsigned());
        } catch (PolicyException e) {
            throw new EvidenceException("policySignature: " + e.getMessage(), e);
        }
    }

    static AccessPolicy access(
            Optional<Path> policy, BundleTrust trust, Artifacts artifacts, RefusedPolicies refused, Clock clock)
            throws EvidenceException {
        Path bundle = policy.orElseThrow(() -> new EvidenceException(
                "no policy says who may read evidence: name a bundle under policies, or as access.policy"));
        return new AccessPolicy(bundle, trust, artifacts, refused, clock);
    }

    /** What decides on reads is kept as well. */
    static List<Path> kept(List<Path> files, Optional<Path> own) {
        return Stream.concat(files.stream(), own.stream()).distinct().toList();
    }

    static Places places(Path file) throws EvidenceException {
        try {
            return Places.open(file);
        } catch (IOException e) {
            throw new EvidenceException("the index of places " + file + " cannot be made: " + e.getMessage(), e);
        }
    }

    static TimeAuthority authority(EvidenceConfig.Tsa tsa) throws EvidenceException {
        try {
            return new TimeAuthority(
                    tsa.url(), Certificates.parse(Files.readString(tsa.chain(), StandardCharsets.US_ASCII)));
        } catch (IOException | CertificateException e) {
            throw new EvidenceException("tsa.chain " + tsa.chain() + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Map<String, String> kafka(EvidenceConfig config) throws EvidenceException {
        Map<String, String> kafka = new HashMap<>(config.kafka());
        for (Map.Entry<String, Path> secret : config.kafkaFiles().entrySet()) {
            try {
                kafka.put(secret.getKey(), Files.readString(secret.getValue()).strip());
            } catch (IOException e) {
                throw new EvidenceException(
                        "kafkaFiles." + secret.getKey() + ": " + secret.getValue() + " cannot be read", e);
            }
        }
        return kafka;
    }

    static Map<String, ObjectNode> approvers(@Nullable Path jwks) throws EvidenceException {
        Map<String, ObjectNode> approvers = new TreeMap<>();
        if (jwks == null) {
            return approvers;
        }
        try {
            for (JsonNode key :
                    new ObjectMapper().readTree(Files.readAllBytes(jwks)).path("keys")) {
                if (key instanceof ObjectNode object) {
                    approvers.put(key.path("kid").asText(), object.retain(List.of("crv", "kid", "kty", "x", "y")));
                }
            }
            return approvers;
        } catch (IOException e) {
            throw new EvidenceException("approvers " + jwks + " cannot be read: " + e.getMessage(), e);
        }
    }
}
