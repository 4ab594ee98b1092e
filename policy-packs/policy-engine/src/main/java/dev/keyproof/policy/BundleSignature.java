package dev.keyproof.policy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The signature in a bundle, as {@code opa sign} writes it and {@code opa build --verification-key} verifies it: a JWS over the digests of
 * all other files.
 */
final class BundleSignature {
    static final String FILE = ".signatures.json";

    private static final String DIGEST = "SHA-256";
    /** What opa reads as JSON; of everything else it takes the bytes. */
    private static final Set<String> DOCUMENTS = Set.of("data.json", ".manifest");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BundleSignature() {}

    /** The content of {@link #FILE} for these files. */
    static byte[] of(SortedMap<String, byte[]> files, SigningAlgorithm algorithm, PrivateKey key)
            throws PolicyException {
        ObjectNode header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", algorithm.name())
                .put("typ", "JWT");
        ArrayNode listed = JsonNodeFactory.instance.arrayNode();
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                listed.addObject()
                        .put("name", file.getKey())
                        .put("hash", hash(file.getKey(), file.getValue()))
                        .put("algorithm", DIGEST);
            }
            JsonNode payload = JsonNodeFactory.instance.objectNode().set("files", listed);
            String signed = part(Digests.canonical(header)) + "." + part(Digests.canonical(payload));
            Signature signature = Signature.getInstance(algorithm.signature());
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            ObjectNode file = JsonNodeFactory.instance.objectNode();
            file.putArray("signatures").add(signed + "." + part(signature.sign()));
            return Digests.canonical(file);
        } catch (GeneralSecurityException | IOException e) {
            throw new PolicyException("policy bundle cannot be signed: " + e.getMessage(), e);
        }
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws PolicyException unless the signature is good and lists these files, all of them and no others */
    static void verify(Map<String, byte[]> files, SigningAlgorithm algorithm, PublicKey key) throws PolicyException {
        byte @Nullable [] content = files.get(FILE);
        if (content == null) {
            throw new PolicyException("policy bundle is not signed: it has no " + FILE);
        }
        try {
            JsonNode jws = JSON.readTree(content).path("signatures");
            if (jws.size() != 1) {
                throw new PolicyException("policy bundle has " + jws.size() + " signatures, not one");
            }
            compare(files, signed(jws.path(0).asText(), algorithm, key).path("files"));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new PolicyException("policy bundle's signature cannot be read: " + e.getMessage(), e);
        }
    }

    /** The payload, once its signature is verified. */
    private static JsonNode signed(String jws, SigningAlgorithm algorithm, PublicKey key)
            throws PolicyException, GeneralSecurityException, IOException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != 3) {
            throw new PolicyException("policy bundle's signature is no JWS in compact form");
        }
        JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        String named = header.path("alg").asText();
        if (!named.equals(algorithm.name())) {
            throw new PolicyException("policy bundle is signed by " + (named.isEmpty() ? "no algorithm" : named)
                    + ", not by " + algorithm + " as configured");
        }
        if (header.has("crit")) {
            throw new PolicyException("policy bundle's signature asks for what is not known here (crit)");
        }
        Signature signature = Signature.getInstance(algorithm.signature());
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
            throw new PolicyException("policy bundle's signature is not by the configured key");
        }
        return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    }

    private static void compare(Map<String, byte[]> files, JsonNode listed) throws PolicyException, IOException {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (JsonNode file : listed) {
            String name = file.path("name").asText();
            if (!file.path("algorithm").asText().equals(DIGEST)) {
                throw new PolicyException(
                        "policy bundle's signature has a digest of " + name + " that is no " + DIGEST);
            }
            if (hashes.put(name, file.path("hash").asText()) != null) {
                throw new PolicyException("policy bundle's signature lists " + name + " twice");
            }
        }
        TreeSet<String> present = new TreeSet<>(files.keySet());
        present.remove(FILE);
        for (String name : present) {
            String hash = hashes.remove(name);
            if (hash == null) {
                throw new PolicyException("policy bundle's signature does not list " + name);
            }
            if (!hash.equals(hash(name, files.getOrDefault(name, new byte[0])))) {
                throw new PolicyException("policy bundle's " + name + " is not what was signed");
            }
        }
        if (!hashes.isEmpty()) {
            throw new PolicyException("policy bundle lacks what was signed: " + hashes.firstKey());
        }
    }

    private static String hash(String name, byte[] content) throws IOException {
        byte[] form = DOCUMENTS.contains(name.substring(name.lastIndexOf('/') + 1)) ? OpaForm.of(content) : content;
        return Digests.of(form).substring("sha256:".length());
    }
}
